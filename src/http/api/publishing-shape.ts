import { z } from 'zod'

/** What publishing takes and answers, for people and generated clients. It is checked by hand, because the bytes matter. */

const posted = z
  .strictObject({
    tenant: z.string().describe('whose event it is'),
    trigger: z.string().describe('a registered trigger'),
    id: z.string().optional().describe('your own id for it: 1 to 64 of A–Z, a–z, 0–9, "_" and "-"'),
    body: z.unknown().describe('any JSON value; receivers get it in the bytes that were posted'),
  })
  .meta({ id: 'PostedEvent' })

const receipt = z
  .object({
    id: z.string(),
    status: z.enum(['accepted', 'repeated', 'taken']).describe('repeated: the same event was here already'),
    sequence: z.number().int().nullable(),
  })
  .meta({ id: 'Receipt' })

/** The shapes of the two doors, by their operation. */
export const publishingShapes = {
  publishEvent: { body: posted, response: { 200: receipt, 202: receipt } },
  publishEvents: {
    body: z.string().describe('one event a line, as POST /api/v1/events takes it'),
    response: { 202: z.object({ data: z.array(receipt) }) },
  },
}
