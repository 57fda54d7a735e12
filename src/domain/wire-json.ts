/**
 * JSON in the bytes that Patreon sends (wire.md §2.2, recomputed from a real capture): no spaces, keys sorted at
 * every level, everything beyond ASCII as lower-case `\uXXXX`, `/` left alone.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** The wire's text of a value. Pure ASCII, so its length in characters is its length in bytes. */
export const wireJson = (value: Json): string => inAscii(JSON.stringify(sorted(value)))

/** The same JSON with everything beyond ASCII escaped. */
export const inAscii = (json: string): string => json.replace(beyondAscii, escaped)

/** The wire's bytes of a value. */
export const wireBytes = (value: Json): Uint8Array => Buffer.from(wireJson(value), 'latin1')

// JSON.stringify itself escapes control characters and lone surrogates, in lower case.
const beyondAscii = /[\u0080-\uffff]/g
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map(sorted)
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  )
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
