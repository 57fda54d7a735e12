import { expect, test } from 'vitest'
import { anEvent, aStage, now, type OpenPlace, tell, toldApart, toldOf } from '../store/stage.ts'
import { next } from './next.ts'

const apart = ['plain', 'with e-mail', 'with address', 'with both']

/** What each audience is told. */
export function tellingApart(open: OpenPlace): void {
  test('hands on what each audience is told of an event, beside events that tell all the same', async () => {
    const place = await open()
    const { clientId } = await aStage(place)

    await Promise.all([
      place.journal.append([anEvent('a', { body: Buffer.from('"same"') })]),
      place.store.execute(tell, { ...toldApart, clientId }, now),
    ])

    const { events } = await next(place.journal, 0)
    expect(events.map(toldOf)).toEqual([['same', 'same', 'same', 'same'], apart])
  })

  test('hands on the same after a new start, when it is read back', async () => {
    const place = await open()
    const { clientId } = await aStage(place)
    await place.store.execute(tell, { ...toldApart, clientId }, now)

    const reopened = await place.reopen()

    expect((await next(reopened.journal, 0)).events.map(toldOf)).toEqual([apart])
  })

  test('keeps no body of an event whose command failed', async () => {
    const place = await open()
    const { clientId } = await aStage(place)

    await expect(place.store.execute(tell, { ...toldApart, clientId: '999' }, now)).rejects.toThrow()
    const told = { ...toldApart, bodies: [{ audience: 1 as const, body: Buffer.from('"another"') }] }
    await place.store.execute(tell, { ...told, clientId }, now)

    const { events } = await next(place.journal, 0)
    expect(events.map(toldOf)).toEqual([['plain', 'another', 'plain', 'plain']])
    expect(toldOf(await place.store.events.find(events[0]?.sequence ?? 0))).toEqual(toldOf(events[0]))
  })
}
