/**
 * Finds the exact bytes of one value inside an object's JSON.
 *
 * An event's body is delivered in the bytes it came in. Parsing and printing it again would change them: a
 * number's spelling, the order of keys, an escape. So the object is parsed to check it, and its bytes are walked
 * to find where the value lies.
 */

/** The bytes of the value of `key` in a JSON object that has been parsed before; null when it is not there, or twice. */
export function sliceOf(json: Uint8Array, key: string): Uint8Array | null {
  let found: Uint8Array | null = null
  let at = skipSpace(json, 0) + 1
  while (json[(at = skipSpace(json, at))] === quote) {
    const keyEnd = endOfString(json, at)
    // The parser reads an escaped name as the same name, and so must this.
    const isIt = JSON.parse(Buffer.from(json.subarray(at, keyEnd)).toString('utf8')) === key
    // Between key and value there is a colon, and spaces on either side.
    const start = skipSpace(json, skipSpace(json, keyEnd) + 1)
    const end = endOfValue(json, start)
    if (isIt && found !== null) return null
    if (isIt) found = json.subarray(start, end)
    at = skipSpace(json, end) + 1
  }
  return found
}

const quote = 0x22
const backslash = 0x5c
const [openBrace, closeBrace, openBracket, closeBracket, comma] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c]

const isSpace = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

function skipSpace(json: Uint8Array, from: number): number {
  let at = from
  while (isSpace(json[at])) at += 1
  return at
}

/** Just behind the closing quote of the string that opens at `from`. */
function endOfString(json: Uint8Array, from: number): number {
  let at = from + 1
  while (json[at] !== quote) at += json[at] === backslash ? 2 : 1
  return at + 1
}

/** Just behind the value that begins at `from`. */
function endOfValue(json: Uint8Array, from: number): number {
  const first = json[from]
  if (first === quote) return endOfString(json, from)
  if (first !== openBrace && first !== openBracket) return endOfWord(json, from)
  let depth = 0
  let at = from
  do {
    const byte = json[at]
    if (byte === quote) {
      at = endOfString(json, at)
      continue
    }
    if (byte === openBrace || byte === openBracket) depth += 1
    if (byte === closeBrace || byte === closeBracket) depth -= 1
    at += 1
  } while (depth > 0)
  return at
}

/** Numbers, true, false and null end at whatever can't be part of them. */
function endOfWord(json: Uint8Array, from: number): number {
  let at = from
  while (at < json.length && !isSpace(json[at]) && json[at] !== comma && json[at] !== closeBrace) at += 1
  return at
}
