import { describe, expect, test } from 'vitest'
import { days } from '#src/domain/time.ts'
import { aStage, now, type OpenPlace, type Stage, tell, toldApart, toldOf } from './stage.ts'

/** Who is told what. */
export function audienceSuite(open: OpenPlace): void {
  describe('audiences', () => {
    test('are each told in their own words; who is told nothing more gets the event’s own body', async () => {
      const stage = await aStage(await open())

      const { sequence, id } = await told(stage)

      const apart = ['plain', 'with e-mail', 'with address', 'with both']
      const everything = { after: 0, tenants: null, trigger: null }
      expect(toldOf(await stage.store.events.find(sequence))).toEqual(apart)
      expect(toldOf(await stage.store.events.findById(id, null))).toEqual(apart)
      expect((await stage.store.events.list(everything, 10)).entries.map(toldOf)).toEqual([apart])
    })

    test('are told the same by an event that has one body', async () => {
      const stage = await aStage(await open())

      const { sequence } = await stage.event({ body: Buffer.from('"same"') })

      expect(toldOf(await stage.store.events.find(sequence))).toEqual(['same', 'same', 'same', 'same'])
      expect(await stage.store.events.find(sequence)).toMatchObject({ bodies: null })
    })

    test('belong to a webhook from its registration on', async () => {
      const stage = await aStage(await open())

      for (const audience of [0, 1, 2, 3] as const) await stage.webhook('standard', audience)

      const { listeners } = await stage.store.listeners.load()
      expect(listeners.map(({ audience }) => audience)).toEqual([0, 1, 2, 3])
    })

    test('lose all bodies of an event when it is dropped, and its place is free of them', async () => {
      const stage = await aStage(await open())
      const { sequence } = await told(stage)
      const { sequence: last } = await stage.event()
      stage.journal.moveMark(last)
      await stage.event()

      await stage.store.deliveries.prune({ endedBefore: now + 1, heldBefore: now - days(90) }, now + days(31), 100)

      expect(await stage.store.events.find(sequence)).toBeNull()
    })
  })
}

async function told({ store, clientId }: Stage) {
  await store.execute(tell, { ...toldApart, clientId }, now)
  const [event] = (await store.events.list({ after: 0, tenants: null, trigger: null }, 1)).entries
  if (event === undefined) throw new Error('the event is there once its command was answered')
  return event
}
