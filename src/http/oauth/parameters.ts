/**
 * Patreon's clients put parameters into a form, into JSON or into the address, and their id and secret there too or
 * into the header (wire.md §4.2). What is said twice must be the same.
 */
import type { FastifyRequest } from 'fastify'
import { type Refused, refused } from '../../oauth/refused.ts'

/** A parameter's text by its name; null when it was not sent, or is empty, which is the same (RFC 6749 §3.2). */
export type Parameters = (name: string) => string | null

/** The parameters of a request, wherever they are; refused when one of them has two values. */
export function parametersIn({ body, query }: Pick<FastifyRequest, 'body' | 'query'>): Parameters | Refused {
  const values = new Map<string, string>()
  for (const [name, value] of [body, query].flatMap(entriesOf)) {
    if (value === '') continue
    const before = values.get(name)
    if (before !== undefined && before !== value) return refused('invalid_request', 'A parameter has two values.')
    values.set(name, value)
  }
  return (name) => values.get(name) ?? null
}

function entriesOf(source: unknown): [string, string][] {
  if (typeof source !== 'object' || source === null) return []
  return Object.entries(source).flatMap(([name, value]: [string, unknown]) =>
    [value].flat().flatMap((one): [string, string][] => (typeof one === 'string' ? [[name, one]] : [])),
  )
}
