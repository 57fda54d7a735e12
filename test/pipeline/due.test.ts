import { expect, onTestFinished, test } from 'vitest'
import { Bell } from '#src/pipeline/bell.ts'
import { runDue } from '#src/pipeline/due.ts'
import { Lanes } from '#src/pipeline/lanes.ts'
import { Settling } from '#src/pipeline/settle.ts'
import { handClock } from '../hand-clock.ts'
import { aModelPlace } from '../simulation/calm.ts'
import { aStage, dueAt, settlement } from '../store/stage.ts'

test('what becomes due while somebody looks for what is due is sent', async () => {
  const clock = handClock()
  const { store, ...stage } = await aStage(await aModelPlace())
  const key = { webhookId: await stage.webhook(), sequence: (await stage.event()).sequence }
  await store.deliveries.settle([settlement(key, dueAt(clock.now() + 5_000))], clock.now())
  const deliveries = {
    ...store.deliveries,
    // Looking takes as long as it has to wait.
    async webhooksDue(now: number) {
      const webhooks = await store.deliveries.webhooksDue(now)
      clock.pass(5_000)
      return webhooks
    },
  }
  const stopped = new AbortController()
  onTestFinished(() => stopped.abort())

  const sent = new Promise((resolve) => {
    const lanes = new Lanes(async ({ event }) => resolve(event.sequence), {
      now: () => clock.now(),
      queued: () => {},
      freed: () => {},
    })
    const bell = new Bell()
    const quiet = { noteDue: () => {}, written: () => {}, log: () => {} }
    const random = { fraction: () => 0, id: String, bytes: Buffer.alloc }
    const settling = new Settling({ store, clock, machine: clock, random, ...quiet })
    void runDue({ store: { ...store, deliveries }, lanes, settling, clock, bell, log: () => {} }, stopped.signal)
  })

  expect(await sent).toBe(key.sequence)
})
