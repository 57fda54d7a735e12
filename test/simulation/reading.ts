import type { Event, Sequence, Tenant } from '#src/domain/event.ts'
import { standardKey } from '#src/domain/signature.ts'
import type { Vault } from '#src/domain/vault.ts'
import type { Listener } from '#src/store/listener.ts'
import { clientSecretPlace, webhookSecretPlaces } from '#src/store/secret-places.ts'
import type { Deliveries, DeliveryFilter, DeliveryView, EventFilter, Events } from '#src/store/store.ts'
import { nameOf, type Tables, type WebhookRow } from './tables.ts'

/** Reads events from tables in memory. */
export function eventsIn(
  tables: Tables,
): Events & { listBetween(after: Sequence, below: Sequence, limit: number): Event[] } {
  const inOrder = () => [...tables.events.values()].sort((one, other) => one.sequence - other.sequence)
  return {
    find: async (sequence) => tables.events.get(sequence) ?? null,
    findById: async (id, tenants) =>
      inOrder()
        .reverse()
        .find((event) => event.id === id && isOf(event, tenants)) ?? null,
    list: async (filter, limit) =>
      inOrder()
        .filter((event) => isListed(event, filter))
        .slice(0, limit),
    listBetween(after, below, limit) {
      const events: Event[] = []
      for (let sequence = after + 1; sequence < below && events.length < limit; sequence += 1) {
        const event = tables.events.get(sequence)
        if (event !== undefined) events.push(event)
      }
      return events
    },
  }
}

const isOf = ({ tenant }: Event, tenants: readonly Tenant[] | null): boolean =>
  tenants === null || tenants.includes(tenant)

const isListed = (event: Event, { after, tenants, trigger }: EventFilter): boolean =>
  event.sequence > after && isOf(event, tenants) && (trigger === null || event.trigger === trigger)

type Reads = Pick<Deliveries, 'listKnown' | 'find' | 'list' | 'listAttempts' | 'findHealth'>

/** Reads deliveries from tables in memory. */
export function deliveriesIn(tables: Tables): Reads {
  return {
    async listKnown(from, to) {
      const keys = []
      for (let sequence = from; sequence <= to; sequence += 1) {
        for (const { webhookId } of tables.deliveriesOf(sequence).values()) keys.push({ sequence, webhookId })
      }
      return keys
    },
    async find(key) {
      const delivery = tables.delivery(key)
      return delivery === undefined ? null : view(tables, delivery)
    },
    list: async (filter, limit) =>
      [...tables.sequencesDelivered()]
        .flatMap((sequence) => [...tables.deliveriesOf(sequence).values()])
        .filter((delivery) => isWanted(tables, delivery, filter))
        .sort((one, other) => (isOlder(one, other) ? 1 : -1))
        .slice(0, limit)
        .map((delivery) => view(tables, delivery)),
    listAttempts: async (key) => [...(tables.attempts.get(nameOf(key)) ?? [])],
    async findHealth(webhookId) {
      const health = tables.health.get(webhookId)
      return {
        failingSince: health?.failingSince ?? null,
        consecutiveFailures: health?.consecutiveFailures ?? 0,
        lastAttemptedAt: health?.lastAttemptedAt ?? null,
        due: tables.dueOf(webhookId).size,
        held: tables.heldOf(webhookId).size,
      }
    },
  }
}

type Kept = DeliveryView['delivery']

function view(tables: Tables, delivery: Kept): DeliveryView {
  const event = tables.events.get(delivery.sequence)
  if (event === undefined) throw new Error(`delivery ${nameOf(delivery)} has no event`)
  const { id, tenant, trigger, acceptedAt } = event
  return { delivery, event: { id, tenant, trigger, acceptedAt } }
}

function isWanted(tables: Tables, delivery: Kept, { webhookIds, eventId, status, before }: DeliveryFilter): boolean {
  if (webhookIds !== null && !webhookIds.includes(delivery.webhookId)) return false
  if (eventId !== null && tables.events.get(delivery.sequence)?.id !== eventId) return false
  if (status !== null && delivery.status !== status) return false
  return before === null || isOlder(delivery, before)
}

const isOlder = (one: Pick<Kept, 'sequence' | 'webhookId'>, other: Pick<Kept, 'sequence' | 'webhookId'>): boolean =>
  one.sequence < other.sequence || (one.sequence === other.sequence && Number(one.webhookId) < Number(other.webhookId))

/** Every webhook that may hear anything, and the version that this belongs to. */
export function listenersIn(tables: Tables, vault: Vault): { version: number; listeners: Listener[] } {
  const listeners: Listener[] = []
  for (const row of tables.webhooks.values()) {
    if (!row.isDeleted && tables.clients.get(row.webhook.clientId)?.isDeleted === false) {
      listeners.push(listenerIn(tables, row, vault))
    }
  }
  return { version: tables.number('listenersVersion'), listeners }
}

function listenerIn(tables: Tables, row: WebhookRow, vault: Vault): Listener {
  const { id, clientId, uri, triggers, tenant, audience, pausedAt, schedule, origin, signingKey } = row.webhook
  const grants = tables.grants.get(clientId) ?? []
  const visible = origin === 'api' && tenant !== null ? [...grants, tenant] : grants
  const places = webhookSecretPlaces(id)
  const clientSealed = tables.clients.get(clientId)?.secretSealed ?? new Uint8Array()
  return {
    ...{ webhookId: id, uri, triggers, audience, schedule, sinceSequence: row.sinceSequence },
    tenants: tenant === null ? visible : visible.filter((one) => one === tenant),
    isPaused: pausedAt !== null,
    granted: new Set(origin === 'page' ? grants : []),
    keys: {
      secret:
        signingKey === 'client'
          ? vault.open(clientSealed, clientSecretPlace(clientId))
          : vault.open(row.secretSealed, places.secret),
      standardKey: standardKey(vault.open(row.standardSecretSealed, places.standardSecret)),
    },
  }
}
