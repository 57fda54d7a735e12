import type { Account } from '#src/domain/account.ts'
import type { Client } from '#src/domain/client.ts'
import type { Attempt, Delivery, DeliveryKey } from '#src/domain/delivery.ts'
import type { Event, Sequence, Tenant } from '#src/domain/event.ts'
import type { Instant } from '#src/domain/time.ts'
import type { RegisteredTrigger } from '#src/domain/trigger.ts'
import type { Health, Webhook } from '#src/domain/webhook.ts'
import { Disk, Table } from './disk.ts'

/** When something is handed out next; for what is leased, when the lease ends. */
export type Wake = { at: Instant; isLeased: boolean }

/** One pass over what waits for a webhook: from the sequence behind `passed` up to `last`. */
export type Pass = { passed: Sequence; last: Sequence }

/** A webhook beside what only the store knows of it. */
export type WebhookRow = {
  webhook: Webhook
  sinceSequence: Sequence
  secretSealed: Uint8Array
  standardSecretSealed: Uint8Array
  isDeleted: boolean
}

/** A client beside what only the store knows of it. */
export type ClientRow = { client: Client; secretHash: string; secretSealed: Uint8Array; isDeleted: boolean }

/** Numbers that survive a start. */
export type NumberName = 'lastSequence' | 'mark' | 'listenersVersion' | 'pruneCursor' | IdName

/** The last id of each kind that people make. */
type IdName = 'lastAccountId' | 'lastClientId' | 'lastWebhookId'

/** Everything a store keeps, in as few words as possible. */
export class Tables {
  readonly disk = new Disk()
  readonly events = new Table<Sequence, Event>(this.disk)
  /** By tenant and id, the newest. */
  readonly eventsById = new Table<string, Sequence>(this.disk)
  readonly attempts = new Table<string, readonly Attempt[]>(this.disk)
  readonly passes = new Table<string, Pass>(this.disk)
  readonly health = new Table<string, Health>(this.disk)
  readonly webhooks = new Table<string, WebhookRow>(this.disk)
  readonly clients = new Table<string, ClientRow>(this.disk)
  readonly grants = new Table<string, readonly Tenant[]>(this.disk)
  readonly accounts = new Table<string, Account>(this.disk)
  readonly links = new Table<string, string>(this.disk)
  readonly triggers = new Table<string, RegisteredTrigger>(this.disk)
  readonly #numbers = new Table<NumberName, number>(this.disk)
  readonly #deliveries = new Map<Sequence, Table<string, Delivery>>()
  readonly #due = new Map<string, Table<Sequence, Wake>>()
  readonly #held = new Map<string, Table<Sequence, Instant>>()

  number(name: NumberName): number {
    return this.#numbers.get(name) ?? 0
  }

  setNumber(name: NumberName, value: number): void {
    this.#numbers.set(name, value)
  }

  /** The next id of one kind. */
  nextId(name: IdName): string {
    const id = this.number(name) + 1
    this.setNumber(name, id)
    return String(id)
  }

  /** What waits for its time, of one webhook. */
  dueOf(webhookId: string): Table<Sequence, Wake> {
    return tableIn(this.#due, webhookId, this.disk)
  }

  /** What waits for its webhook: since when. */
  heldOf(webhookId: string): Table<Sequence, Instant> {
    return tableIn(this.#held, webhookId, this.disk)
  }

  /** Every webhook that something may wait for. */
  webhooksWaitedFor(): Iterable<string> {
    return this.#due.keys()
  }

  webhooksHeld(): Iterable<string> {
    return this.#held.keys()
  }

  /** The deliveries of an event, by webhook. */
  deliveriesOf(sequence: Sequence): Table<string, Delivery> {
    return tableIn(this.#deliveries, sequence, this.disk)
  }

  delivery({ sequence, webhookId }: DeliveryKey): Delivery | undefined {
    return this.#deliveries.get(sequence)?.get(webhookId)
  }

  keepDelivery(delivery: Delivery): void {
    this.deliveriesOf(delivery.sequence).set(delivery.webhookId, delivery)
  }

  /** Every event that may have deliveries. */
  sequencesDelivered(): Iterable<Sequence> {
    return this.#deliveries.keys()
  }
}

/** The name of a delivery in these tables. */
export const nameOf = ({ sequence, webhookId }: DeliveryKey): string => `${sequence}-${webhookId}`

function tableIn<Place, Key, Row>(all: Map<Place, Table<Key, Row>>, place: Place, disk: Disk): Table<Key, Row> {
  const found = all.get(place)
  if (found !== undefined) return found
  const made = new Table<Key, Row>(disk)
  all.set(place, made)
  return made
}
