import { Refusal } from '../domain/refusal.ts'

/** Deeper than anybody means it; Ruby's own reader of JSON stops here, and what we can't print again nobody could read. */
const nestingLimit = 100

/** Parses a request's JSON. Nothing at all is `undefined`: real clients send DELETE with a JSON content type and no body. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  mustBeShallow(body)
  try {
    return JSON.parse(body.toString('utf8'), (_name, value: unknown) => mustBeText(value))
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw malformedJson(error instanceof Error ? error.message : '')
  }
}

/** Refuses what is nested too deep; that it is JSON at all is for the parser to say. */
export function mustBeShallow(json: Uint8Array, where = 'The body'): void {
  let depth = 0
  let isInText = false
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (isInText && byte === backslash) at += 1
    else if (byte === quote) isInText = !isInText
    else if (isInText) continue
    else if (byte === openBrace || byte === openBracket) depth += 1
    else if (byte === closeBrace || byte === closeBracket) depth -= 1
    if (depth > nestingLimit) throw tooDeep(where)
  }
}

/** A NUL ends a text in half of the programs that will read it, and half of a character is none. */
function mustBeText(value: unknown): unknown {
  if (typeof value !== 'string' || (!value.includes('\0') && isWellFormed(value))) return value
  throw malformedJson('it has a text with a NUL or half of a character in it')
}

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text)

const [quote, backslash] = [0x22, 0x5c]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

const tooDeep = (where: string): Refusal =>
  new Refusal('json_malformed', {
    message: `${where} is nested too deep.`,
    field: 'body',
    expected: `at most ${nestingLimit} objects and lists inside one another`,
  })

/** Something that calls itself JSON and isn't. */
export const malformedJson = (why: string, where?: string): Refusal =>
  new Refusal('json_malformed', {
    message: `${where ?? 'The body'} is not JSON: ${why}.`,
    field: 'body',
    expected: 'JSON in UTF-8 (RFC 8259)',
  })
