import { createSocket } from 'node:dgram'
import ipaddr from 'ipaddr.js'

/** What there is to say of a name; whoever is not known does not exist. */
export type NameRecords = {
  addresses?: readonly string[]
  /** RFC 1035 §4.1.1: why there is no answer. */
  failure?: number
  isSilent?: boolean
  /** The answer did not fit, and the asker is to come back over TCP, where nobody is. */
  isCut?: boolean
}

export const noSuchName = 3
export const serverFailure = 2

/** A name server of ours. */
export type NameServer = { port: number; close(): void }

/** Opens a name server that says what `records` knows; it is asked once for each question. */
export async function aNameServer(
  records: (name: string) => NameRecords | undefined,
  { address = '127.0.0.1', port = 0 } = {},
): Promise<NameServer> {
  const server = createSocket('udp4')
  server.on('message', (question, from) => {
    const { name, type, end } = questionIn(question)
    const found = records(name) ?? { failure: noSuchName }
    if (found.isSilent !== true) server.send(answerTo(question.subarray(0, end), type, found), from.port, from.address)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.bind(port, address, resolve)
  })
  return { port: server.address().port, close: () => void server.close() }
}

function questionIn(message: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 }
}

const typeA = 1
const typeAaaa = 28

// RFC 1035 §4: the question comes back, with flags, a count and the records behind it.
function answerTo(question: Buffer, type: number, { addresses = [], failure = 0, isCut = false }: NameRecords): Buffer {
  const records = addresses
    .map((address) => ipaddr.parse(address).toByteArray())
    .filter(({ length }) => (type === typeA && length === 4) || (type === typeAaaa && length === 16))
  const head = Buffer.from(question)
  head.writeUInt16BE(0x8180 | failure | (isCut ? 0x0200 : 0), 2)
  head.writeUInt16BE(isCut ? 0 : records.length, 6)
  head.writeUInt16BE(0, 10)
  const answers = records.map((bytes) => Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length, ...bytes]))
  return Buffer.concat(isCut ? [head] : [head, ...answers])
}
