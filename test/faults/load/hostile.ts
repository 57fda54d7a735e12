/** Opens receivers of the worst kind, each kind at a port of its own, and closes them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { anAuthority } from '../../transport/certificates.ts'
import { absent, insecure, type Kind, speaking } from './manners.ts'

/** A kind that can be reached, each of its webhooks at an address of its own; `host` instead where it has a name. */
export type Opened = Kind & { port: number; host?: string }

/** All kinds, the place where redirects lead with the count of who came there, and what makes them go away. */
export async function openHostile(hasSilentNames: boolean) {
  const doors = new Doors()
  let strayed = 0
  const canary = await doors.open(() => (strayed += 1))
  const kinds: Opened[] = []
  for (const kind of speaking(`http://127.0.0.1:${canary}/`))
    kinds.push({ ...kind, port: await doors.open(misbehave(kind)) })

  const [own, unknown] = [anAuthority(), anAuthority()]
  const certificates = { selfSigned: own.selfSigned('IP:127.0.0.1'), unknownRoot: unknown.certify('IP:127.0.0.1') }
  for (const authority of [own, unknown]) authority.remove()
  for (const name of ['selfSigned', 'unknownRoot'] as const) {
    kinds.push({ ...insecure[name], port: await doors.open(() => {}, certificates[name]) })
  }

  const deaf = await aDeafPort()
  kinds.push({ ...absent.refusing, port: await aClosedPort() }, { ...absent.deaf, port: deaf.port })
  if (hasSilentNames) kinds.push({ ...absent.nameless, port: 8_080, host: 'hooks.example.com' })
  return {
    kinds,
    strayed: () => strayed,
    close() {
      doors.close()
      deaf.child.kill('SIGKILL')
    },
  }
}

/** Calls back for each connection, at one port for all addresses of this machine. */
class Doors {
  readonly #servers: Server[] = []
  readonly #sockets = new Set<Socket>()

  async open(onSocket: (socket: Socket) => void, tls?: TlsOptions): Promise<number> {
    const accept = (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      onSocket(socket)
    }
    const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept)
    server.on('tlsClientError', () => {})
    this.#servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', 1_024, resolve))
    return (server.address() as AddressInfo).port
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy()
    for (const server of this.#servers) server.close()
  }
}

/** The body of what is sent to them is short, so a request is whole when its head is there. */
const misbehave =
  ({ onConnection, onRequest }: Kind) =>
  (socket: Socket): void => {
    onConnection?.(socket)
    if (onRequest === undefined) return void socket.resume()
    socket.on('data', (chunk) => {
      if (chunk.includes('\r\n\r\n')) onRequest(socket)
    })
  }

async function aClosedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Node accepts whatever comes; a port that nobody accepts from, and whose queue is full, needs another language. */
const deafProgram = `
import socket, sys
deaf = socket.socket()
deaf.bind(('0.0.0.0', 0))
deaf.listen(0)
queue = [socket.socket() for _ in range(4)]
for one in queue:
    one.setblocking(False)
    one.connect_ex(('127.0.0.1', deaf.getsockname()[1]))
print(deaf.getsockname()[1], flush=True)
sys.stdin.read()
`

async function aDeafPort(): Promise<{ port: number; child: ChildProcess }> {
  const child = spawn('python3', ['-c', deafProgram], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return { port: Number(line), child }
}

/** Where a server finds nothing but a name server that keeps silent. Needs root. */
export async function aSilentNameServer() {
  const address = '127.1.255.53'
  const folder = mkdtempSync(join(tmpdir(), 'names-'))
  const file = join(folder, 'resolv.conf')
  writeFileSync(file, `nameserver ${address}\n`)
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(53, address, resolve))
  return {
    /** What runs the server in Node's stead: it alone sees another resolv.conf. */
    under: ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/resolv.conf && exec "$@"', file],
    close() {
      socket.close()
      rmSync(folder, { recursive: true })
    },
  }
}
