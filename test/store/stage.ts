/** A store with somebody in it: an account, a client that may see one tenant, webhooks, events. */
import { openAccount } from '#src/accounts/commands.ts'
import type { Attempt, Delivery, DeliveryKey, Leased } from '#src/domain/delivery.ts'
import { type Audience, bodyFor, type Event, type NewEvent } from '#src/domain/event.ts'
import type { Outcome } from '#src/domain/outcome.ts'
import type { ScheduleName } from '#src/domain/retry-schedule.ts'
import type { Journal } from '#src/journal/journal.ts'
import { grantTenant, registerClient } from '#src/registration/clients.ts'
import { registerWebhook } from '#src/registration/webhooks.ts'
import type { Command, Happening } from '#src/store/command.ts'
import type { Settlement, Store } from '#src/store/store.ts'

/** A store and the journal that belongs to it, fresh; `reopen` closes both and opens them again. */
export type Place = { store: Store; journal: Journal; reopen(): Promise<Place>; close(): Promise<void> }

/** How an adapter makes one. */
export type OpenPlace = () => Promise<Place>

export const tenant = 'acme'
const trigger = 'invoice:paid'

/** The moment at which nearly everything here happens. */
export const now = Date.UTC(2026, 0, 5, 12)

export type Stage = Awaited<ReturnType<typeof aStage>>

/** Furnishes a fresh store. */
export async function aStage({ store, journal }: Pick<Place, 'store' | 'journal'>) {
  const opening = { email: 'ada@example.test', fullName: 'Ada', vanity: null, role: 'member', tokenHash: 'x' } as const
  const account = await store.execute(openAccount, opening, now)
  const { client } = await store.execute(registerClient, { accountId: account.id, profile }, now)
  await store.execute(grantTenant, { id: client.id, tenant }, now)
  let count = 0

  return {
    store,
    journal,
    clientId: client.id,
    accountId: account.id,

    async webhook(schedule: ScheduleName = 'standard', audience: Audience = 0): Promise<string> {
      const wish = { clientId: client.id, tenant: null, uri: 'https://example.test/', triggers: [trigger] }
      const rest = { signingKey: 'webhook', schedule, origin: 'page', audience, isPaused: false } as const
      const made = await store.execute(registerWebhook, { ...wish, ...rest }, now)
      return made.webhook.id
    },

    /** Accepts one event and reads it back. */
    async event(given: Partial<NewEvent> = {}): Promise<Event> {
      count += 1
      const [accepted] = await journal.append([anEvent(`event-${count}`, given)])
      const found = accepted?.kind === 'accepted' ? await store.events.find(accepted.sequence) : null
      if (found === null) throw new Error('an event of this test was not accepted')
      return found
    },
  }
}

/** A command that causes one event, with as many bodies as wanted; it fails after that for a client that there is not. */
export const tell: Command<Happening & { clientId: string }, null> = {
  name: 'tests.tell',
  // What runs is what the writer thread has under this name (writer-thread.mjs).
  run: () => Promise.reject(new Error('commands run in the writer thread')),
}

/** Something that is told to each audience in other words. */
export const toldApart: Happening = {
  tenant,
  trigger,
  body: Buffer.from('"plain"'),
  bodies: [
    { audience: 1, body: Buffer.from('"with e-mail"') },
    { audience: 2, body: Buffer.from('"with address"') },
    { audience: 3, body: Buffer.from('"with both"') },
  ],
}

/** What each audience is told of an event, from those who may be told nothing more to those who may be told all. */
export const toldOf = (event: Pick<Event, 'body' | 'bodies'> | null | undefined): string[] =>
  event === null || event === undefined
    ? []
    : ([0, 1, 2, 3] as const).map((audience) => String(JSON.parse(String(Buffer.from(bodyFor(event, audience))))))

/** An event that is about to be accepted. */
export const anEvent = (id: string, given: Partial<NewEvent> = {}): NewEvent => ({
  ...{ id, tenant, trigger, body: Buffer.from(`{"id":"${id}"}`), acceptedAt: now, mayRepeat: true },
  ...given,
})

const profile = {
  ...{ name: 'An app', description: '', category: null, authorName: null, domain: null, iconUrl: null },
  ...{ privacyPolicyUrl: null, tosUrl: null, redirectUris: [], apiVersion: 2 as const },
}

/** What becomes of a delivery: its state without its name. */
export type Fate =
  | { status: 'due'; dueAt: number }
  | { status: 'held'; heldSince: number }
  | { status: 'delivered' | 'exhausted' | 'cancelled'; endedAt: number }

export const delivered: Fate = { status: 'delivered', endedAt: now }
export const exhausted: Fate = { status: 'exhausted', endedAt: now }
export const held: Fate = { status: 'held', heldSince: now }
export const dueAt = (at: number): Fate => ({ status: 'due', dueAt: at })

/** What came of one attempt (`status` is the receiver's answer), ready to be written down. */
export function settlement(
  { sequence, webhookId }: DeliveryKey,
  fate: Fate,
  given: Partial<Omit<Settlement, 'delivery'>> & { attemptsMade?: number } = {},
): Settlement {
  const { attemptsMade = 1, lease = null, pause = null } = given
  const delivery: Delivery = { sequence, webhookId, attemptsMade, ...fate }
  const attempt = given.attempt === undefined ? anAttempt(fate.status === 'delivered' ? 200 : 500) : given.attempt
  return { delivery, attempt, lease, pause }
}

export const anAttempt = (status: number, startedAt = now): Attempt => ({
  number: 1,
  startedAt,
  outcome: answered(status),
})

const answered = (status: number): Outcome => ({
  kind: 'answered',
  answer: { status, headers: [['x-count', '1']], body: new Uint8Array([1, 2, 3]), isCut: false },
  timing: { connected: 1, firstByte: 2, ended: 3 },
})

/** Leases all that is due for these webhooks. */
export async function leaseAll({ store }: Pick<Stage, 'store'>, webhookIds: readonly string[], at = now) {
  const wanted = webhookIds.map((webhookId) => ({ webhookId, limit: 100 }))
  return await store.deliveries.leaseDue(wanted, at, at + leaseLength)
}

export const leaseLength = 30_000

/** Leases the only delivery that is due for a webhook. */
export async function leaseOne(stage: Pick<Stage, 'store'>, webhookId: string, at = now): Promise<Leased> {
  const [leased, ...others] = await leaseAll(stage, [webhookId], at)
  if (leased === undefined || others.length > 0) throw new Error('exactly one delivery should be due')
  return leased
}
