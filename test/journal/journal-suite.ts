import { afterEach, describe, expect, test } from 'vitest'
import { openAccount } from '#src/accounts/commands.ts'
import type { Accepted } from '#src/domain/event.ts'
import type { JournalBatch } from '#src/journal/journal.ts'
import { grantTenant } from '#src/registration/clients.ts'
import { registerTrigger } from '#src/registration/triggers.ts'
import { anEvent, aStage, now, type OpenPlace, type Place } from '../store/stage.ts'
import { next } from './next.ts'
import { tellingApart } from './telling-suite.ts'

/** What every journal must do. A new journal is finished when this passes. */
export function journalSuite(name: string, openPlace: OpenPlace): void {
  const opened: Place[] = []
  const open: OpenPlace = async () => {
    const place = await openPlace()
    opened.push(place)
    return place
  }
  afterEach(async () => {
    for (const place of opened.splice(0)) await place.close()
  })

  describe(`a journal (${name})`, () => {
    appending(open)
    sameness(open)
    sharing(open)
    undoing(open)
    reading(open)
    fallingBehind(open)
    readingAgain(open)
    tellingApart(open)
  })
}

const idsOf = ({ events }: JournalBatch): string[] => events.map(({ id }) => id)
const kinds = (accepted: readonly Accepted[]): string[] => accepted.map(({ kind }) => kind)
const sequenceOf = (accepted: Accepted | undefined): number =>
  accepted === undefined || accepted.kind === 'taken' ? 0 : accepted.sequence

function appending(open: OpenPlace): void {
  test('gives events places one after another, in the order they came', async () => {
    const { journal } = await open()

    const accepted = await journal.append(['a', 'b', 'c'].map((id) => anEvent(id)))

    expect(accepted).toEqual(['a', 'b', 'c'].map((id, index) => ({ kind: 'accepted', id, sequence: index + 1 })))
    expect(idsOf(await next(journal, 0))).toEqual(['a', 'b', 'c'])
  })

  test('keeps the bytes of each body, and shows the event at once', async () => {
    const { journal, store } = await open()
    const bodies = ['{"n": 1.0}', '"\\u00e9é"', ' ', ''].map((text) => Buffer.from(text))

    await journal.append(bodies.map((body, index) => anEvent(`e${index}`, { body })))

    const { events } = await next(journal, 0)
    expect(events.map(({ body }) => Buffer.from(body))).toEqual(bodies)
    const stored = await Promise.all(events.map(({ sequence }) => store.events.find(sequence)))
    expect(stored.map((event) => Buffer.from(event?.body ?? [0]))).toEqual(bodies)
  })

  test('has what it answered for on disk: it is there after a new start', async () => {
    const place = await open()
    await place.journal.append([anEvent('a')])

    const reopened = await place.reopen()

    expect(await reopened.store.events.findById('a', null)).toMatchObject({ sequence: 1 })
    expect(sequenceOf((await reopened.journal.append([anEvent('b')]))[0])).toBe(2)
  })
}

function sameness(open: OpenPlace): void {
  test('the same trigger and bytes under the same id are the first one again', async () => {
    const { journal } = await open()
    const [first] = await journal.append([anEvent('a')])

    const [second] = await journal.append([anEvent('a', { acceptedAt: now + 1 })])

    expect(second).toEqual({ kind: 'repeated', id: 'a', sequence: sequenceOf(first) })
    expect(idsOf(await next(journal, 0))).toEqual(['a'])
  })

  test.each([
    ['another body', { body: Buffer.from('{}') }],
    ['another trigger', { trigger: 'invoice:void' }],
  ])('%s under an id that is taken is refused', async (_what, given) => {
    const { journal } = await open()
    await journal.append([anEvent('a')])

    expect(await journal.append([anEvent('a', given)])).toEqual([{ kind: 'taken', id: 'a' }])
    expect(idsOf(await next(journal, 0))).toEqual(['a'])
  })

  test('the same id of another tenant is another event', async () => {
    const { journal } = await open()

    const accepted = await journal.append([anEvent('a'), anEvent('a', { tenant: 'globex' })])

    expect(kinds(accepted)).toEqual(['accepted', 'accepted'])
  })

  test('sameness holds inside one batch too', async () => {
    const { journal } = await open()

    const accepted = await journal.append([anEvent('a'), anEvent('a'), anEvent('a', { body: Buffer.from('1') })])

    expect(kinds(accepted)).toEqual(['accepted', 'repeated', 'taken'])
    expect(idsOf(await next(journal, 0))).toEqual(['a'])
  })

  test('of 200 that come at once under one id, one is accepted and the rest get its answer', async () => {
    const { journal } = await open()

    const all = await Promise.all(Array.from({ length: 200 }, () => journal.append([anEvent('a')])))

    expect(kinds(all.flat()).sort()).toEqual(['accepted', ...Array.from({ length: 199 }, () => 'repeated')])
    expect(new Set(all.flat().map(sequenceOf)).size).toBe(1)
  })
}

function sharing(open: OpenPlace): void {
  test('a refused command among appends undoes nothing but itself', async () => {
    const { journal, store } = await open()
    const command = { name: 'invoice:void', description: '', example: '{}' }

    // All of these arrive in one turn of the event loop, so that they share one commit.
    const results = await Promise.allSettled([
      journal.append([anEvent('a')]),
      store.execute(registerTrigger, command, now),
      store.execute(registerTrigger, command, now),
      store.execute(grantTenant, { id: '999', tenant: 'acme' }, now),
      journal.append([anEvent('b')]),
    ])

    const states = results.map(({ status }) => status)
    expect(states).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled'])
    expect(results[2]).toMatchObject({ reason: { code: 'trigger_taken' } })
    expect((await store.read.triggers.list()).map(({ name }) => name)).toEqual(['invoice:void'])
    expect((await next(journal, 0)).events.map(({ id, sequence }) => [id, sequence])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })
}

function undoing(open: OpenPlace): void {
  test('a command that fails half-way is undone, and what shares its commit is not', async () => {
    const place = await open()
    await aStage(place)
    const { journal, store } = place
    // The stage has spent this token on somebody else, which only comes out once the account is written.
    const half = { email: 'bob@example.test', fullName: 'Bob', vanity: null, role: 'member', tokenHash: 'x' } as const

    const results = await Promise.allSettled([
      journal.append([anEvent('a')]),
      store.execute(openAccount, half, now),
      journal.append([anEvent('b')]),
    ])

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await store.read.accounts.findByEmail('bob@example.test')).toBeNull()
    expect(idsOf(await next(journal, 0))).toEqual(['a', 'b'])
  })
}

function reading(open: OpenPlace): void {
  test('reading waits for the next event', async () => {
    const { journal } = await open()

    const waiting = next(journal, 0)
    await journal.append([anEvent('a')])

    expect(idsOf(await waiting)).toEqual(['a'])
  })

  test('reading that is stopped ends with nothing', async () => {
    const { journal } = await open()
    const stopped = new AbortController()

    const waiting = journal.read(0, 10, stopped.signal)
    stopped.abort()

    expect(await waiting).toBeNull()
    expect(await journal.read(0, 10, AbortSignal.abort())).toBeNull()
  })

  test('reading gives at most what was asked for, and goes on from there', async () => {
    const { journal } = await open()
    await journal.append(['a', 'b', 'c', 'd', 'e'].map((id) => anEvent(id)))

    expect(idsOf(await next(journal, 0, 2))).toEqual(['a', 'b'])
    expect(idsOf(await next(journal, 2, 2))).toEqual(['c', 'd'])
    expect(idsOf(await next(journal, 4, 2))).toEqual(['e'])
  })
}

function fallingBehind(open: OpenPlace): void {
  test('reading far behind reads back what does not fit into memory, without a gap', async () => {
    const { journal } = await open()
    const body = Buffer.alloc(256 * 1024, 0x20)
    // 75 MiB: more than is kept in memory for a reader who is slow.
    for (let batch = 0; batch < 12; batch += 1) {
      await journal.append(Array.from({ length: 25 }, (_, place) => anEvent(`e${batch * 25 + place}`, { body })))
    }

    const read: number[] = []
    while (read.length < 300) {
      const { events } = await next(journal, read.at(-1) ?? 0, 40)
      read.push(...events.map(({ sequence }) => sequence))
    }

    expect(read).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
  }, 60_000)

  test('a batch comes with the version of who listens, so that nobody who was there is missed', async () => {
    const place = await open()
    const stage = await aStage(place)
    await stage.webhook()
    await stage.event()

    const { listenersVersion, mayBeKnown } = await next(place.journal, 0)

    expect(listenersVersion).toBe((await place.store.listeners.load()).version)
    expect(mayBeKnown).toBe(false)
  })
}

function readingAgain(open: OpenPlace): void {
  test('the mark moves forward only, and rides along with the next commit', async () => {
    const place = await open()
    await place.journal.append(['a', 'b', 'c'].map((id) => anEvent(id)))
    place.journal.moveMark(2)
    await place.journal.append([anEvent('d')])
    place.journal.moveMark(1)
    await place.journal.append([anEvent('e')])

    const reopened = await place.reopen()

    expect(await reopened.journal.mark()).toBe(2)
  })

  test('after a new start everything behind the mark is read again, and may be known already', async () => {
    const place = await open()
    await place.journal.append(['a', 'b', 'c'].map((id) => anEvent(id)))
    place.journal.moveMark(1)

    const reopened = await place.reopen()
    const mark = await reopened.journal.mark()
    const again = await next(reopened.journal, mark, 10)
    await reopened.journal.append([anEvent('d')])
    const fresh = await next(reopened.journal, 3, 10)

    expect(mark).toBe(1)
    expect([idsOf(again), again.mayBeKnown]).toEqual([['b', 'c'], true])
    expect([idsOf(fresh), fresh.mayBeKnown]).toEqual([['d'], false])
  })

  test('a place is never given twice, though the events before the mark may be gone', async () => {
    const place = await open()
    await place.journal.append(['a', 'b'].map((id) => anEvent(id)))
    place.journal.moveMark(2)
    await place.journal.append([])
    await place.store.deliveries.prune({ endedBefore: now + 1, heldBefore: now }, now, 10)

    const reopened = await place.reopen()
    const [accepted] = await reopened.journal.append([anEvent('c')])

    expect(await reopened.store.events.findById('a', null)).toBeNull()
    expect(sequenceOf(accepted)).toBe(3)
  })
}
