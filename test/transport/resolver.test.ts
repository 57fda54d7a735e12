import { createSocket, type Socket } from 'node:dgram'
import { describe, expect, onTestFinished, test } from 'vitest'
import { addressesAtMost, type Resolver, systemResolver } from '#src/transport/resolver.ts'

type Records = { a?: readonly string[]; aaaa?: readonly string[]; failure?: number; isSilent?: boolean }

const noSuchName = 3
const serverFailure = 2

describe('R59 names are looked up without a thread, and bounded', () => {
  test('all addresses of both families are given', async () => {
    const resolve = await aResolver({ 'hooks.example.com': { a: ['192.0.2.1', '192.0.2.2'], aaaa: ['2001:db8::1'] } })

    expect(await resolve('hooks.example.com')).toEqual({
      kind: 'resolved',
      addresses: ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
    })
  })

  test('a name with IPv6 only has an address', async () => {
    const resolve = await aResolver({ 'six.example.com': { aaaa: ['2001:db8::1'] } })

    expect(await resolve('six.example.com.')).toEqual({ kind: 'resolved', addresses: ['2001:db8::1'] })
  })

  test.each([
    ['does not exist', { failure: noSuchName }, 'ENOTFOUND'],
    ['has no address', {}, 'ENODATA'],
    ['the server fails for', { failure: serverFailure }, 'ESERVFAIL'],
  ])('a name that %s is told with a code', async (_what, records, code) => {
    const resolve = await aResolver({ 'hooks.example.com': records })

    expect(await resolve('hooks.example.com')).toEqual({ kind: 'unresolved', code })
  })

  test('a name with too many addresses is not judged at all', async () => {
    const a = Array.from({ length: addressesAtMost + 1 }, (_, index) => `192.0.2.${index}`)
    const resolve = await aResolver({ 'many.example.com': { a } })

    expect(await resolve('many.example.com')).toEqual({ kind: 'unresolved', code: 'TOO_MANY_ADDRESSES' })
  })

  test('twenty names that nobody answers for do not hold up another', async () => {
    const resolve = await aResolver({
      'hooks.example.com': { a: ['192.0.2.1'] },
      'silent.example.com': { isSilent: true },
    })
    const slow = Array.from({ length: 20 }, () => resolve('silent.example.com'))
    let answered = 0
    for (const one of slow) void one.then(() => answered++)

    expect((await resolve('hooks.example.com')).kind).toBe('resolved')
    expect(answered).toBe(0)
  })

  test('D09 a single-label name is asked for as it is, without a search list', async () => {
    const asked: string[] = []
    const resolve = await aResolver({}, asked)

    await resolve('db')

    expect(new Set(asked)).toEqual(new Set(['db']))
  })
})

describe('names of the machine itself', () => {
  test('localhost is this machine and is never asked for outside', async () => {
    const asked: string[] = []
    const resolve = await aResolver({}, asked)

    expect(await resolve('localhost')).toEqual({ kind: 'resolved', addresses: ['127.0.0.1', '::1'] })
    expect(await resolve('shop.localhost')).toEqual({ kind: 'resolved', addresses: ['127.0.0.1', '::1'] })
    expect(asked).toEqual([])
  })

  test('the table of names comes first where it is read', async () => {
    const table = '# comment\n10.0.0.7\thooks.internal  other # 10.0.0.8 x\nnonsense hooks.internal\n::1 six.internal\n'
    const resolve = systemResolver({ servers: ['127.0.0.1:9'], readHosts: async () => table })

    expect(await resolve('Hooks.internal')).toEqual({ kind: 'resolved', addresses: ['10.0.0.7'] })
    expect(await resolve('six.internal')).toEqual({ kind: 'resolved', addresses: ['::1'] })
  })
})

/** A resolver that asks a name server of ours, over loopback. */
async function aResolver(names: Readonly<Record<string, Records>>, asked: string[] = []): Promise<Resolver> {
  const server = createSocket('udp4')
  server.on('message', (question, from) => {
    const { name, type, end } = questionIn(question)
    asked.push(name)
    const records = names[name] ?? { failure: noSuchName }
    if (records.isSilent !== true)
      server.send(answerTo(question.subarray(0, end), type, records), from.port, from.address)
  })
  const port = await bound(server)
  onTestFinished(() => void server.close())
  return systemResolver({ servers: [`127.0.0.1:${port}`] })
}

async function bound(server: Socket): Promise<number> {
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve))
  return server.address().port
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

// RFC 1035 §4: the question comes back, with flags, a count and the records behind it.
function answerTo(question: Buffer, type: number, { a = [], aaaa = [], failure = 0 }: Records): Buffer {
  const records = type === 1 ? a.map(bytesOfIpv4) : type === 28 ? aaaa.map(bytesOfIpv6) : []
  const head = Buffer.from(question)
  head.writeUInt16BE(0x8180 | failure, 2)
  head.writeUInt16BE(records.length, 6)
  head.writeUInt16BE(0, 10)
  const answers = records.map((bytes) => {
    const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length])
    return Buffer.concat([record, bytes])
  })
  return Buffer.concat([head, ...answers])
}

function bytesOfIpv4(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number))
}

// Enough for `prefix::last`.
function bytesOfIpv6(address: string): Buffer {
  const [first = '', last = ''] = address.split('::')
  const bytes = Buffer.alloc(16)
  first.split(':').forEach((part, index) => bytes.writeUInt16BE(Number.parseInt(part, 16), index * 2))
  bytes.writeUInt16BE(Number.parseInt(last, 16), 14)
  return bytes
}
