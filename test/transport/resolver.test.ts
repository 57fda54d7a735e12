import { describe, expect, onTestFinished, test } from 'vitest'
import { addressesAtMost, type Resolver, systemResolver } from '#src/transport/resolver.ts'
import { aNameServer, type NameRecords, noSuchName, serverFailure } from './name-server.ts'

describe('R59 names are looked up without a thread, and bounded', () => {
  test('all addresses of both families are given', async () => {
    const resolve = await aResolver({ 'hooks.example.com': { addresses: ['192.0.2.1', '192.0.2.2', '2001:db8::1'] } })

    expect(await resolve('hooks.example.com')).toEqual({
      kind: 'resolved',
      addresses: ['192.0.2.1', '192.0.2.2', '2001:db8::1'],
    })
  })

  test('a name with IPv6 only has an address', async () => {
    const resolve = await aResolver({ 'six.example.com': { addresses: ['2001:db8::1'] } })

    expect(await resolve('six.example.com.')).toEqual({ kind: 'resolved', addresses: ['2001:db8::1'] })
  })

  test.each([
    ['does not exist', { failure: noSuchName }, 'ENOTFOUND'],
    ['has no address', {}, 'ENODATA'],
    ['the server fails for', { failure: serverFailure }, 'ESERVFAIL'],
    ['has an answer that was cut', { addresses: ['192.0.2.1'], isCut: true }, 'ECONNREFUSED'],
  ])('a name that %s is told with a code', async (_what, records, code) => {
    const resolve = await aResolver({ 'hooks.example.com': records })

    expect(await resolve('hooks.example.com')).toEqual({ kind: 'unresolved', code })
  })

  test('D11 a name with too many addresses is not judged at all', async () => {
    const addresses = Array.from({ length: addressesAtMost + 1 }, (_, index) => `192.0.2.${index}`)
    const resolve = await aResolver({ 'many.example.com': { addresses } })

    expect(await resolve('many.example.com')).toEqual({ kind: 'unresolved', code: 'TOO_MANY_ADDRESSES' })
  })

  test('D11 twenty names that nobody answers for do not hold up another', async () => {
    const resolve = await aResolver({
      'hooks.example.com': { addresses: ['192.0.2.1'] },
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
async function aResolver(names: Readonly<Record<string, NameRecords>>, asked: string[] = []): Promise<Resolver> {
  const server = await aNameServer((name) => {
    asked.push(name)
    return names[name]
  })
  onTestFinished(() => server.close())
  return systemResolver({ servers: [`127.0.0.1:${server.port}`] })
}
