/**
 * The head of a request as programs write one that posts an event.
 *
 * This reads RFC 9112 in its plainest form only. Whatever is wrong or merely unusual (another path, a name twice, a body
 * in chunks, a line that is folded or ends in any other way) is left to Node's parser, so nothing is taken here that Node
 * would take for something else.
 */

/** What is known of a request once its head has come. */
export type Head = {
  /** All of it, the empty line included. */
  bytes: Buffer
  authorization: string
  idempotencyKey: string | null
  contentLength: number
}

/** A head; or `incomplete`, while it may become one; or `unusual`. */
export type HeadFound = Head | 'incomplete' | 'unusual'

const requestLine = Buffer.from('POST /api/v1/events HTTP/1.1\r\n')
const endOfHead = Buffer.from('\r\n\r\n')

/** Node takes no more, either. */
const headLimitBytes = 16 * 1024

/** RFC 9110 §5.1 and §5.5, without bytes beyond ASCII. */
const fieldLines = /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e]*\r\n)+$/

/** Those that are read here; of none of them may there be two. */
const readNames = ['host', 'authorization', 'idempotency-key', 'content-type', 'content-length', 'accept', 'connection']

/** Those that change what a request is, or what its sender waits for. */
const leftToNode = ['transfer-encoding', 'expect', 'upgrade', 'te', 'trailer', 'content-encoding']

/** Reads the head that these bytes begin with. */
export function headIn(bytes: Buffer): HeadFound {
  const compared = Math.min(bytes.length, requestLine.length)
  if (requestLine.compare(bytes, 0, compared, 0, compared) !== 0) return 'unusual'
  const end = bytes.indexOf(endOfHead)
  if (end === -1) return bytes.length < headLimitBytes ? 'incomplete' : 'unusual'
  const length = end + endOfHead.length
  if (length > headLimitBytes) return 'unusual'
  const text = bytes.toString('latin1', requestLine.length, end + 2)
  const fields = fieldLines.test(text) ? fieldsIn(text) : null
  return (fields === null ? null : headOf(Buffer.from(bytes.subarray(0, length)), fields)) ?? 'unusual'
}

/** Whether these bytes begin with this very head: over a kept connection most requests do. */
export const beginsWith = (bytes: Buffer, { bytes: head }: Head): boolean =>
  bytes.length >= head.length && head.compare(bytes, 0, head.length) === 0

/** The fields that are read here; null when there is one twice, or one that is Node's. */
function fieldsIn(lines: string): Map<string, string> | null {
  const fields = new Map<string, string>()
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).toLowerCase()
    if (leftToNode.includes(name) || fields.has(name)) return null
    if (readNames.includes(name)) fields.set(name, line.slice(colon + 1).trim())
  }
  return fields
}

function headOf(bytes: Buffer, fields: ReadonlyMap<string, string>): Head | null {
  const [authorization, length] = [fields.get('authorization'), fields.get('content-length')]
  if (authorization === undefined || length === undefined || !/^[0-9]{1,9}$/.test(length)) return null
  if (!fields.has('host') || fields.get('content-type') !== 'application/json') return null
  if ((fields.get('accept') ?? '*/*') !== '*/*') return null
  if ((fields.get('connection') ?? 'keep-alive').toLowerCase() !== 'keep-alive') return null
  return {
    ...{ bytes, authorization },
    idempotencyKey: fields.get('idempotency-key') ?? null,
    contentLength: Number(length),
  }
}
