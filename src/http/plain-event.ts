/**
 * An event that is written as programs write one, taken apart in a single walk over its bytes.
 *
 * The walk checks the JSON grammar (RFC 8259), finds the three names and the bytes of `body`, and makes no object of
 * anything else. Whatever is wrong or merely unusual (a name with an escape, a name twice, a field that nobody knows)
 * ends it: the careful way in `api/posted.ts` then says what is wrong, or that nothing is.
 */

/** The parts of an event; names are as they were written, without escapes. */
export type PlainEvent = { tenant: string; trigger: string; id: string | null; body: Uint8Array }

/** Null when the careful way has to look at it. */
export function plainEvent(json: Buffer): PlainEvent | null {
  const parts: Record<string, string | null> = { tenant: null, trigger: null, id: null }
  let body: Uint8Array | null = null
  let at = skipSpace(json, 0)
  if (json[at] !== openBrace) return null
  do {
    at = skipSpace(json, at + 1)
    const nameEnd = endOfPlainText(json, at)
    const colon = nameEnd === wrong ? wrong : skipSpace(json, nameEnd)
    if (json[colon] !== colonSign) return null
    const start = skipSpace(json, colon + 1)
    const name = json.toString('latin1', at + 1, nameEnd - 1)
    const end = name === 'body' ? endOfValue(json, start, 1) : endOfPlainText(json, start)
    if (end === wrong) return null
    if (name === 'body' && body === null) body = json.subarray(start, end)
    else if (parts[name] === null) parts[name] = json.toString('latin1', start + 1, end - 1)
    else return null
    at = skipSpace(json, end)
  } while (json[at] === comma)
  if (json[at] !== closeBrace || skipSpace(json, at + 1) !== json.length) return null

  const { tenant, trigger, id = null } = parts
  return typeof tenant === 'string' && typeof trigger === 'string' && body !== null
    ? { tenant, trigger, id, body }
    : null
}

/** What an end is when there is none. */
const wrong = -1

/** As deep as `json-body.ts` lets anything be. */
const nestingLimit = 100

const [space, tab, lineFeed, carriageReturn] = [0x20, 0x09, 0x0a, 0x0d]
const [quote, backslash, comma, colonSign] = [0x22, 0x5c, 0x2c, 0x3a]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]
const [minus, plus, point, zero, nine] = [0x2d, 0x2b, 0x2e, 0x30, 0x39]
const [letterU, letterE, capitalE, lastAscii] = [0x75, 0x65, 0x45, 0x7e]

function skipSpace(json: Uint8Array, from: number): number {
  let at = from
  for (;;) {
    const byte = json[at]
    if (byte !== space && byte !== lineFeed && byte !== carriageReturn && byte !== tab) return at
    at += 1
  }
}

/** Just behind a text of printable ASCII without escapes, such as every name that passes here. */
function endOfPlainText(json: Uint8Array, from: number): number {
  if (json[from] !== quote) return wrong
  for (let at = from + 1; ; at += 1) {
    const byte = json[at]
    if (byte === quote) return at + 1
    if (byte === undefined || byte < space || byte > lastAscii || byte === backslash) return wrong
  }
}

/** Just behind the value that begins at `from`, `depth` levels down. */
function endOfValue(json: Uint8Array, from: number, depth: number): number {
  const first = json[from]
  if (first === quote) return endOfText(json, from)
  if (first === openBrace) return depth < nestingLimit ? endOfObject(json, from, depth + 1) : wrong
  if (first === openBracket) return depth < nestingLimit ? endOfList(json, from, depth + 1) : wrong
  return first === minus || isDigit(first) ? endOfNumber(json, from) : endOfWord(json, from)
}

function endOfObject(json: Uint8Array, from: number, depth: number): number {
  let at = skipSpace(json, from + 1)
  if (json[at] === closeBrace) return at + 1
  for (;;) {
    const name = endOfText(json, at)
    const colon = name === wrong ? wrong : skipSpace(json, name)
    if (json[colon] !== colonSign) return wrong
    const value = endOfValue(json, skipSpace(json, colon + 1), depth)
    if (value === wrong) return wrong
    at = skipSpace(json, value)
    if (json[at] === closeBrace) return at + 1
    if (json[at] !== comma) return wrong
    at = skipSpace(json, at + 1)
  }
}

function endOfList(json: Uint8Array, from: number, depth: number): number {
  let at = skipSpace(json, from + 1)
  if (json[at] === closeBracket) return at + 1
  for (;;) {
    const value = endOfValue(json, at, depth)
    if (value === wrong) return wrong
    at = skipSpace(json, value)
    if (json[at] === closeBracket) return at + 1
    if (json[at] !== comma) return wrong
    at = skipSpace(json, at + 1)
  }
}

/** Whether its bytes are UTF-8 is asked of the body as a whole, later. */
function endOfText(json: Uint8Array, from: number): number {
  if (json[from] !== quote) return wrong
  for (let at = from + 1; ; at += 1) {
    const byte = json[at]
    if (byte === quote) return at + 1
    if (byte === undefined || byte < space) return wrong
    if (byte !== backslash) continue
    at += 1
    if (json[at] === letterU) {
      if (!areHex(json, at + 1)) return wrong
      at += 4
    } else if (!escapes.has(json[at])) return wrong
  }
}

const escapes: ReadonlySet<number | undefined> = new Set(Buffer.from('"\\/bfnrt'))

function areHex(json: Uint8Array, from: number): boolean {
  for (let at = from; at < from + 4; at += 1) if (!hexDigits.has(json[at])) return false
  return true
}

const hexDigits: ReadonlySet<number | undefined> = new Set(Buffer.from('0123456789abcdefABCDEF'))

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= zero && byte <= nine

/** RFC 8259 §6: no zero before other digits, and digits on both sides of a point. */
function endOfNumber(json: Uint8Array, from: number): number {
  let at = json[from] === minus ? from + 1 : from
  at = json[at] === zero ? at + 1 : endOfDigits(json, at)
  if (at !== wrong && json[at] === point) at = endOfDigits(json, at + 1)
  if (at === wrong || (json[at] !== letterE && json[at] !== capitalE)) return at
  const sign = json[at + 1]
  return endOfDigits(json, sign === plus || sign === minus ? at + 2 : at + 1)
}

function endOfDigits(json: Uint8Array, from: number): number {
  let at = from
  while (isDigit(json[at])) at += 1
  return at === from ? wrong : at
}

const words = ['true', 'false', 'null'].map((word) => Buffer.from(word))

function endOfWord(json: Uint8Array, from: number): number {
  const word = words.find((bytes) => bytes.every((byte, index) => json[from + index] === byte))
  return word === undefined ? wrong : from + word.length
}
