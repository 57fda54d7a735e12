import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { carefulEvent } from '#src/http/api/posted.ts'
import { plainEvent } from '#src/http/plain-event.ts'

const named = { tenant: 'acme', trigger: 'invoice:paid' }
const space = fc.stringMatching(/^[ \t\r\n]{0,2}$/)

/** An event's JSON with spaces wherever JSON has room for them. */
const spaced = fc
  .tuple(fc.jsonValue(), fc.option(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/)), space)
  .map(([body, id, gap]) => {
    const fields = { ...named, ...(id === null ? {} : { id }), body }
    const members = Object.entries(fields).map(
      ([name, value]) => `"${name}"${gap}:${gap}${JSON.stringify(value, null, gap)}`,
    )
    return `${gap}{${gap}${members.join(`${gap},${gap}`)}${gap}}${gap}`
  })

/** The same with some of its bytes changed. */
const damaged = fc
  .tuple(
    spaced,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\ue+-.01tfn \n\u0000\u007f\u00ff'.split(''))), {
      maxLength: 3,
    }),
  )
  .map(([json, changes]) => {
    const bytes = Buffer.from(json)
    for (const [place, sign] of changes) bytes[place % bytes.length] = sign.charCodeAt(0)
    return bytes
  })

/** What the careful way makes of it; null when it refuses. */
function carefully(json: Buffer) {
  try {
    const { tenant, trigger, id, body } = carefulEvent(json, 'The event')
    return { tenant, trigger, id, body: Buffer.from(body).toString('latin1') }
  } catch {
    // Whatever is wrong with it: the short walk must not have found it right.
    return null
  }
}

const quickly = (json: Buffer) => {
  const event = plainEvent(json)
  return event === null ? null : { ...event, body: Buffer.from(event.body).toString('latin1') }
}

describe('an event as programs write one', () => {
  test('is taken apart in one walk, whatever its body is', () => {
    fc.assert(
      fc.property(spaced, (json) => {
        const bytes = Buffer.from(json)
        expect(quickly(bytes)).toEqual(carefully(bytes))
        expect(quickly(bytes)).not.toBeNull()
      }),
      { numRuns: 500 },
    )
  })

  test('is never taken for right where the careful way refuses it, or for another', () => {
    fc.assert(
      fc.property(damaged, (json) => {
        const event = quickly(json)
        if (event !== null) expect(event).toEqual(carefully(json))
      }),
      { numRuns: 3_000 },
    )
  })

  test('is left to the careful way when a name is escaped, twice there, or unknown', () => {
    const odd = [
      '{"tenant":"acme","trigger":"a","b\\u006fdy":1}',
      '{"tenant":"acme","trigger":"a","body":1,"body":1}',
      '{"tenant":"acme","tenant":"acme","trigger":"a","body":1}',
      '{"tenant":"acme","trigger":"a","body":1,"topic":"x"}',
      '{"tenant":"acme","trigger":"a","body":1,"__proto__":"x"}',
      '{"tenant":"acme","trigger":"a","id":null,"body":1}',
      '{"tenant":"ac\\u006de","trigger":"a","body":1}',
      '{"tenant":"acme","trigger":"a","body":1}}',
    ]

    expect(odd.filter((json) => plainEvent(Buffer.from(json)) !== null)).toEqual([])
  })
})
