import { describe, expect, test } from 'vitest'
import type { Event } from '#src/domain/event.ts'
import { seconds } from '#src/domain/time.ts'
import { Lanes } from '#src/pipeline/lanes.ts'
import type { Work } from '#src/pipeline/work.ts'
import { handClock } from '../hand-clock.ts'

/** More webhooks that never answer than there are hands. */
const many = Array.from({ length: 3_000 }, (_, index) => `silent-${index}`)

describe('when a great many receivers keep us waiting', () => {
  test('those that were quick before are sent to at once', async () => {
    const { offer, clock, sent, answer } = someLanes()
    offer('healthy')
    await answer('healthy')
    for (const webhookId of many) {
      offer(webhookId)
      clock.pass(1)
    }
    const before = sent.length
    offer('healthy')

    expect(sent.slice(before)).toEqual(['healthy'])
  })

  test('those that were slow before leave hands to those that were never met', async () => {
    const { offer, clock, sent, answer, lanes } = someLanes()
    for (const webhookId of many.slice(0, 1_000)) {
      offer(webhookId)
      clock.pass(seconds(1))
      await answer(webhookId)
    }
    for (const webhookId of many.slice(0, 1_000)) offer(webhookId)
    const before = sent.length
    offer('new')

    expect(sent.slice(before)).toEqual(['new'])
    expect(lanes.waiting).toBeGreaterThan(0)
  })

  test('a hand that one of them gives back goes to another that waits', async () => {
    const { offer, clock, sent, answer } = someLanes()
    for (const webhookId of many) {
      offer(webhookId)
      clock.pass(1)
    }
    const before = sent.length
    await answer('silent-0')

    expect(sent.length).toBe(before + 1)
  })

  test('whoever was quick at last has its hands like everybody', async () => {
    const { offer, clock, sent, answer } = someLanes()
    offer('mended')
    clock.pass(seconds(1))
    await answer('mended')
    offer('mended')
    await answer('mended')
    for (const webhookId of many) {
      offer(webhookId)
      clock.pass(1)
    }
    const before = sent.length
    offer('mended')

    expect(sent.slice(before)).toEqual(['mended'])
  })

  test('what is due is leased for those only who can be sent to', async () => {
    const { offer, clock, answer, lanes } = someLanes()
    offer('healthy')
    await answer('healthy')
    for (const webhookId of many) {
      offer(webhookId)
      clock.pass(1)
    }
    const free = lanes.hands()

    expect(lanes.take('silent-0', free, 1_000)).toBe(0)
    expect(lanes.take('healthy', free, 1_000)).toBe(8)
    expect(lanes.take('healthy', free, 3)).toBe(3)
  })
})

function someLanes() {
  const clock = handClock()
  const sent: string[] = []
  const underWay = new Map<string, (() => void)[]>()
  const send = ({ webhookId }: Work) => {
    sent.push(webhookId)
    return new Promise<void>((resolve) => underWay.set(webhookId, [...(underWay.get(webhookId) ?? []), resolve]))
  }
  const lanes = new Lanes(send, { now: () => clock.now(), queued: () => {}, freed: () => {} })
  return {
    clock,
    lanes,
    sent,
    offer: (webhookId: string) => lanes.offer(workFor(webhookId)),
    async answer(webhookId: string) {
      underWay.get(webhookId)?.shift()?.()
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

const workFor = (webhookId: string): Work => ({ event, webhookId, attemptsMade: 0, lease: null, done: () => {} })

const event: Event = {
  sequence: 1,
  id: 'one',
  tenant: 'acme',
  trigger: 'invoice:paid',
  body: Buffer.from('{}'),
  bodies: null,
  acceptedAt: 0,
}
