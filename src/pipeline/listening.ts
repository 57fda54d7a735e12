import { type Event, webhookUnderTest } from '../domain/event.ts'
import type { Listener } from '../store/listener.ts'
import type { Listeners } from '../store/store.ts'

/** A listener whose URI has been parsed, once. */
export type Hearing = Listener & { destination: URL }

/** Which webhooks hear what: an index in memory, as new as the store says it must be. */
export class Listening {
  readonly #source: Listeners
  #version = -1
  #byId = new Map<string, Hearing>()
  #byTenantAndTrigger = new Map<string, Hearing[]>()
  #loading: Promise<void> | null = null

  constructor(source: Listeners) {
    this.#source = source
  }

  /** Null when the index is as new as the store; otherwise a promise that it will be. */
  catchUp(atLeast = this.#source.version()): Promise<void> | null {
    return this.#version >= atLeast ? null : this.#reach(atLeast)
  }

  /** Those who hear an event, in the order they were registered; paused ones too. */
  hearing(event: Event): readonly Hearing[] {
    const tested = webhookUnderTest(event.tenant)
    if (tested !== null) {
      const webhook = this.#byId.get(tested)
      return webhook === undefined ? [] : [webhook]
    }
    const all = this.#byTenantAndTrigger.get(key(event.tenant, event.trigger)) ?? []
    return all.filter(({ sinceSequence }) => sinceSequence < event.sequence)
  }

  /** Null when the webhook or its client was deleted. */
  find(webhookId: string): Hearing | null {
    return this.#byId.get(webhookId) ?? null
  }

  /** A load that began before a change may end without it, so one look is not always enough. */
  async #reach(version: number): Promise<void> {
    while (this.#version < version) {
      this.#loading ??= this.#load().finally(() => {
        this.#loading = null
      })
      await this.#loading
    }
  }

  async #load(): Promise<void> {
    const { version, listeners } = await this.#source.load()
    const hearings = listeners.map((listener) => ({ ...listener, destination: new URL(listener.uri) }))
    this.#byId = new Map(hearings.map((hearing) => [hearing.webhookId, hearing]))
    this.#byTenantAndTrigger = new Map()
    for (const hearing of hearings) this.#file(hearing)
    this.#version = version
  }

  #file(hearing: Hearing): void {
    for (const tenant of hearing.tenants) {
      for (const trigger of hearing.triggers) {
        const place = key(tenant, trigger)
        const others = this.#byTenantAndTrigger.get(place)
        if (others === undefined) this.#byTenantAndTrigger.set(place, [hearing])
        else others.push(hearing)
      }
    }
  }
}

const key = (tenant: string, trigger: string): string => `${tenant} ${trigger}`
