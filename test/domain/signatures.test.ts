import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { Refusal } from '#src/domain/refusal.ts'
import { messageId, patreonSignature, standardKey, standardSignature } from '#src/domain/signature.ts'
import { triggerNamed } from '#src/domain/trigger.ts'

/** HMAC word for word as RFC 2104 §2 defines it; MD5 and SHA-256 both have blocks of 64 bytes. */
function hmac(algorithm: 'md5' | 'sha256', key: Uint8Array, text: Uint8Array): Buffer {
  const digest = (...parts: Uint8Array[]) => createHash(algorithm).update(Buffer.concat(parts)).digest()
  const block = Buffer.alloc(64)
  block.set(key.length > 64 ? digest(key) : key)
  const padded = (pad: number) => block.map((byte) => byte ^ pad)
  return digest(padded(0x5c), digest(padded(0x36), text))
}

const run = (byte: number, length: number): Buffer => Buffer.alloc(length, byte)
const counting = Buffer.from(Array.from({ length: 25 }, (_, index) => index + 1))
const hi = Buffer.from('Hi There')
const what = Buffer.from('what do ya want for nothing?')
const truncation = Buffer.from('Test With Truncation')
const larger = Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First')

/** RFC 2202 §2. */
const rfc2202: readonly (readonly [key: Buffer, text: Buffer, mac: string])[] = [
  [run(0x0b, 16), hi, '9294727a3638bb1c13f48ef8158bfc9d'],
  [Buffer.from('Jefe'), what, '750c783e6ab0b503eaa86e310a5db738'],
  [run(0xaa, 16), run(0xdd, 50), '56be34521d144c88dbb8c733f0e8b3f6'],
  [counting, run(0xcd, 50), '697eaf0aca3a3aea3a75164746ffaa79'],
  [run(0x0c, 16), truncation, '56461ef2342edc00f9bab995690efd4c'],
  [run(0xaa, 80), larger, '6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd'],
  [
    run(0xaa, 80),
    Buffer.from('Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data'),
    '6f630fad67cda0ee1fb1f562db3aa53e',
  ],
]

/** RFC 4231 §4; the fifth gives the first half alone. */
const rfc4231: readonly (readonly [key: Buffer, text: Buffer, mac: string])[] = [
  [run(0x0b, 20), hi, 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [Buffer.from('Jefe'), what, '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [run(0xaa, 20), run(0xdd, 50), '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'],
  [counting, run(0xcd, 50), '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'],
  [run(0x0c, 20), truncation, 'a3b6167473100ee06e0c796c2955552b'],
  [run(0xaa, 131), larger, '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'],
  [
    run(0xaa, 131),
    Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ),
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
]

describe('V01 the vectors of the RFCs', () => {
  test.each(rfc2202)('hold for what these tests compare with, HMAC-MD5 (%#)', (key, text, mac) => {
    expect(hmac('md5', key, text).toString('hex')).toBe(mac)
  })

  test.each(rfc4231)('hold for what these tests compare with, HMAC-SHA256 (%#)', (key, text, mac) => {
    expect(hmac('sha256', key, text).toString('hex').slice(0, mac.length)).toBe(mac)
  })

  test.each(rfc2202.filter(([key]) => key.every((byte) => byte < 0x80) && key.toString().trim() !== ''))(
    'hold for Patreon’s signature where the key is a text (%#)',
    (key, text, mac) => {
      expect(patreonSignature(key.toString(), text)).toBe(mac)
    },
  )

  test('hold for every other key and body: both signatures are HMAC as RFC 2104 defines it', () => {
    const secret = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }).filter((text) => text.trim() !== '')
    const key = fc.uint8Array({ minLength: 24, maxLength: 80 })
    const body = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(secret, key, body, fc.nat(), (text, bytes, sent, timestamp) => {
        const id = 'e1~pledges:create'
        const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), sent])
        const standard = standardSignature(bytes, { id, timestamp, body: sent })

        expect(patreonSignature(text, sent)).toBe(hmac('md5', Buffer.from(text), sent).toString('hex'))
        expect(standard).toBe(`v1,${hmac('sha256', bytes, signed).toString('base64')}`)
      }),
    )
  })
})

describe('V03 Standard Webhooks', () => {
  // The example of the specification's libraries (standard-webhooks/standard-webhooks, libraries/javascript).
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const example = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330 }

  test('has published a signature that ours is equal to', () => {
    const body = Buffer.from('{"test": 2432232314}')

    const signature = standardSignature(standardKey(secret), { ...example, body })

    expect(signature).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
  })

  test.each([0, 1, 63, 64, 65, 127, 128, 1024 * 1024])(
    'V06 has a library that accepts what we sign: a body of %i bytes',
    (length) => {
      const body = Buffer.from(length < 2 ? '1'.repeat(length) : `"${'x'.repeat(length - 2)}"`)
      const timestamp = Math.floor(Date.now() / 1000)
      const id = messageId('e1', 'pledges:create')
      const signature = standardSignature(standardKey(secret), { id, timestamp, body })
      const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature }
      const verify = () => new StandardWebhook(secret).verify(body, headers)

      expect(body).toHaveLength(length)
      expect(verify).not.toThrow()
      headers['webhook-signature'] = signature.replace(/.{3}=$/, 'AAA=')
      expect(verify).toThrow(/signature/i)
    },
  )
})

describe('V17 V11 a key that is none', () => {
  const signed = { id: 'e1~a:b', timestamp: 1, body: Buffer.from('1') }

  test.each(['', ' ', '\t\n', '\u00a0'])('signs nothing: %j for Patreon’s signature', (secret) => {
    expect(() => patreonSignature(secret, signed.body)).toThrow(/must not be empty/)
  })

  test.each([0, 1, 23])('signs nothing: %i bytes for the standard one', (length) => {
    expect(() => standardSignature(Buffer.alloc(length), signed)).toThrow(/at least 24 bytes/)
  })

  test.each(['', 'whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'WHSEC_MfKQ9r8GKYqr'])(
    'is not read as one of Standard Webhooks: %j',
    (secret) => {
      expect(() => standardKey(secret)).toThrow(/whsec_/)
    },
  )
})

describe('V10 a trigger may have dots, and so may a body, but what was signed can be read in one way alone', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '1', '2', '_'), minLength: 1, maxLength: 3 })
  const name = fc
    .array(word, { minLength: 1, maxLength: 4 })
    .chain((words) => fc.constantFrom(words.join('.'), words.join(':')))
    .filter(isTrigger)
  const body = fc.string({ unit: fc.constantFrom('.', '1', 'a', '{'), maxLength: 8 })

  test('as no part of a trigger is digits alone: the first part that is, is the time', () => {
    fc.assert(
      fc.property(name, fc.nat(), body, (trigger, timestamp, sent) => {
        const signed = `${messageId('e1', trigger)}.${timestamp}.${sent}`
        const [, id, time, rest] = /^(.*?)\.(\d+)\.(.*)$/s.exec(signed) ?? []

        expect([id, time, rest]).toEqual([messageId('e1', trigger), String(timestamp), sent])
      }),
    )
  })

  test.each(['a.2', '2', 'a.2.b', 'a:2', '2.a'])('and %s is no trigger', (trigger) => {
    const key = Buffer.alloc(32, 1)
    const sign = (id: string, timestamp: number, text: string) =>
      standardSignature(key, { id, timestamp, body: Buffer.from(text) })

    expect(isTrigger(trigger)).toBe(false)
    // This is what it would come to.
    expect(sign(messageId('e1', 'a.2'), 3, 'x')).toBe(sign(messageId('e1', 'a'), 2, '3.x'))
  })
})

function isTrigger(name: string): boolean {
  try {
    return triggerNamed(name, 'name') === name
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}
