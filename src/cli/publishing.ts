/**
 * The two calls that send raw bytes. A client that serialises would change them, and what receivers get must be what
 * was given here; so they are made by hand.
 */
import { z } from 'zod'
import type { Place, Reply } from './api.ts'

const receiptShape = z.object({ id: z.string(), status: z.string(), sequence: z.number().nullable() })
const batchShape = z.object({ data: z.array(receiptShape) })

/** What is answered for each event. */
export type Receipt = z.output<typeof receiptShape>

/** Publishes one event with a body of exactly these bytes. */
export function withBody(
  place: Place,
  event: { tenant: string; trigger: string; id?: string },
  { body, idempotencyKey }: { body: Buffer; idempotencyKey: string | null },
): Promise<Reply<Receipt>> {
  const opening = Buffer.from(`${JSON.stringify(event).slice(0, -1)},"body":`)
  return posted(
    { url: `${place.url}/api/v1/events`, body: Buffer.concat([opening, body, Buffer.from('}')]), shape: receiptShape },
    {
      ...authorized(place),
      'content-type': 'application/json',
      ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
    },
  )
}

/** Publishes many events, one a line. */
export const batchOf = (place: Place, lines: Buffer): Promise<Reply<z.output<typeof batchShape>>> =>
  posted(
    { url: `${place.url}/api/v1/events/batch`, body: lines, shape: batchShape },
    { ...authorized(place), 'content-type': 'application/x-ndjson' },
  )

const authorized = ({ key }: Place): Record<string, string> => (key === null ? {} : { authorization: key })

async function posted<Answer>(
  { url, body, shape }: { url: string; body: Buffer; shape: z.ZodType<Answer> },
  headers: Record<string, string>,
): Promise<Reply<Answer>> {
  const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) })
  const answer: unknown = await response.json().catch(() => null)
  return response.ok ? { data: shape.parse(answer), response } : { error: answer, response }
}
