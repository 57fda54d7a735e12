/** What is published under load: bodies of one size, each told from all others by its number. */

/** The trigger of every event. */
export const trigger = 'load:tick'

/** The tenant that only the webhook at this place hears. */
export const tenantOf = (place: number): string => `t${place}`

const start = '{"number":"'
const digits = 9
const templates = new Map<number, Buffer>()

/** The body with this number; the buffer is used again by the next call for that size. */
export function bodyOf(number: number, bytes: number): Buffer {
  const body = templates.get(bytes) ?? template(bytes)
  templates.set(bytes, body)
  body.write(String(number).padStart(digits, '0'), start.length, 'latin1')
  return body
}

/** The number of a body. */
export const numberIn = (body: Buffer): number => Number(body.toString('latin1', start.length, start.length + digits))

/** An event as it is posted. */
export const postedOf = (number: number, { place, bytes }: { place: number; bytes: number }): Buffer =>
  Buffer.concat([
    Buffer.from(`{"tenant":"${tenantOf(place)}","trigger":"${trigger}","body":`),
    bodyOf(number, bytes),
    Buffer.from('}'),
  ])

function template(bytes: number): Buffer {
  const head = `${start}${'0'.repeat(digits)}","text":"`
  return Buffer.from(`${head}${'x'.repeat(bytes - head.length - 2)}"}`)
}
