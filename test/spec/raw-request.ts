import { connect } from 'node:net'

/** What came back over one connection: the last status line's number, and everything that followed its headers. */
export type RawAnswer = { status: number; headers: string; body: string }

/** Sends bytes as they are, as no HTTP client would, and reads until the server closes the connection. */
export async function rawRequest(url: string, bytes: string | Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url)
  const chunks: Buffer[] = []
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A server that slams the door is one that closed the connection.
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
  const text = Buffer.concat(chunks).toString('utf8')
  const [head = '', ...rest] = text.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), headers: head, body: rest.join('\r\n\r\n') }
}
