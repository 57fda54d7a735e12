import { Refusal } from '../domain/refusal.ts'

/** Parses a request's JSON. Nothing at all is `undefined`: real clients send DELETE with a JSON content type and no body. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw malformedJson(error instanceof Error ? error.message : '')
  }
}

/** Something that calls itself JSON and isn't. */
export const malformedJson = (why: string, where?: string): Refusal =>
  new Refusal('json_malformed', {
    message: `${where ?? 'The body'} is not JSON: ${why}.`,
    field: 'body',
    expected: 'JSON in UTF-8 (RFC 8259)',
  })
