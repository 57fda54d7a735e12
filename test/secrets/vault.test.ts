import { createCipheriv } from 'node:crypto'
import { expect, test } from 'vitest'
import { systemRandom } from '#src/clock.ts'
import { nonceBytes, openedOrNull, type Place, vaultKeyBytes, vaultWith } from '#src/domain/vault.ts'

const sealings = 100_000

const place: Place = { table: 'webhooks', row: '7', column: 'secret' }
const key = Buffer.alloc(vaultKeyBytes, 7)
const vault = vaultWith(key)
const aNonce = () => systemRandom.bytes(nonceBytes)
const secret = 'a secret of 64 characters or so'

test('K01 a sealed secret opens in its own place alone: not in another row, column or table', () => {
  const sealed = vault.seal(secret, place, aNonce())

  expect(vault.open(sealed, place)).toBe(secret)
  for (const other of [
    { ...place, row: '8' },
    { ...place, column: 'standard_secret' },
    { ...place, table: 'clients' },
    { table: 'webhooks|7', row: 'secret', column: '' },
  ]) {
    expect(() => vault.open(sealed, other)).toThrow()
    expect(openedOrNull(vault, sealed, other)).toBeNull()
  }
})

test('K02 a key of another length seals nothing, and another key opens nothing', () => {
  const sealed = vault.seal(secret, place, aNonce())

  for (const length of [0, 16, 31, 33]) expect(() => vaultWith(Buffer.alloc(length))).toThrow(/32 bytes/)
  expect(() => vaultWith(Buffer.alloc(vaultKeyBytes, 8)).open(sealed, place)).toThrow()
})

test(`K03 of ${sealings} sealings of one secret no two have the same nonce`, () => {
  const nonces = new Set<string>()
  for (let count = 0; count < sealings; count += 1) {
    const sealed = Buffer.from(vault.seal(secret, place, aNonce()))
    nonces.add(sealed.toString('latin1', 1, 1 + nonceBytes))
  }

  expect(nonces.size).toBe(sealings)
})

test('K09 nothing opens of which one bit was turned, or that was cut or made longer', () => {
  const sealed = Buffer.from(vault.seal(secret, place, aNonce()))
  const turned = Array.from({ length: sealed.length * 8 }, (_, bit) => {
    const copy = Buffer.from(sealed)
    copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return copy
  })
  const cut = Array.from({ length: sealed.length }, (_, length) => sealed.subarray(0, length))

  const opening = [...turned, ...cut, Buffer.concat([sealed, Buffer.of(0)])]
  expect(opening.filter((bytes) => openedOrNull(vault, bytes, place) !== null)).toEqual([])
})

test('K09 a tag that was cut to four bytes, which are guessed soon, is no tag', () => {
  const nonce = aNonce()
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from('webhooks|7|secret|1'))
  cipher.final()
  const tag = cipher.getAuthTag()

  expect(vault.open(Buffer.concat([Buffer.of(1), nonce, tag]), place)).toBe('')
  expect(openedOrNull(vault, Buffer.concat([Buffer.of(1), nonce, tag.subarray(0, 4)]), place)).toBeNull()
})
