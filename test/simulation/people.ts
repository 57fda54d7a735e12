/** Who lives in the world: clients with webhooks, publishers who post events, operators who change things. */
import { openAccount } from '#src/accounts/commands.ts'
import type { Accepted } from '#src/domain/event.ts'
import { accept, type Posted } from '#src/pipeline/accept.ts'
import { grantTenant, registerClient } from '#src/registration/clients.ts'
import { registerWebhook } from '#src/registration/webhooks.ts'
import type { Command } from '#src/store/command.ts'
import type { World } from './world.ts'

/** Whose events there are, and which. */
export const tenants = ['acme', 'globex', 'initech'] as const
export const triggers = ['invoice:paid', 'invoice:void'] as const

const profile = {
  ...{ name: 'An app', description: '', category: null, authorName: null, domain: null, iconUrl: null },
  ...{ privacyPolicyUrl: null, tosUrl: null, redirectUris: [], apiVersion: 2 as const },
}

/** The people of one world. */
export class People {
  readonly world: World
  readonly clientIds: string[] = []
  #uris = 0
  #posts = 0
  /** Publishers and operators who are not done yet. */
  busy = 0

  constructor(world: World) {
    this.world = world
  }

  /** Has the server run a command, again and again until somebody learns that it did or that it can't. */
  async command<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output | null> {
    return await this.commandAnew(command, () => input)
  }

  /** The same, but each time with another input: who does not learn what came of the first may have done it twice. */
  async commandAnew<Input, Output>(command: Command<Input, Output>, input: () => Input): Promise<Output | null> {
    for (;;) {
      const given = input()
      const learnt = await this.world.ask((life) => life.store.execute(command, given, life.clock.now()))
      if (learnt.kind === 'answered') return learnt.answer
      if (learnt.kind === 'refused' && !isAnotherTimePossible(learnt.error)) return null
      await this.world.sleep(this.world.dice.spread(500, 20_000))
    }
  }

  /** Somebody with clients and webhooks: so many, or as many as the seed says. */
  async furnish(webhookCount: number | null): Promise<void> {
    const { dice } = this.world
    for (let count = dice.between(1, 2); count > 0; count -= 1) {
      const opening = { email: `ada${count}@example.test`, fullName: 'Ada', vanity: null, role: 'member' } as const
      const account = await this.command(openAccount, { ...opening, tokenHash: `token ${count}` })
      const made = await this.command(registerClient, { accountId: account?.id ?? '', profile })
      const clientId = made?.client.id ?? ''
      this.clientIds.push(clientId)
      await this.command(grantTenant, { id: clientId, tenant: tenants[0] })
      if (dice.chance(0.5)) await this.command(grantTenant, { id: clientId, tenant: tenants[1] })
    }
    const webhooks = webhookCount ?? dice.pick([1, 2, 3, 4, 5, 8])
    for (let count = 0; count < webhooks; count += 1) await this.register()
  }

  async register(): Promise<void> {
    const { dice } = this.world
    const listensFor = dice.chance(0.5) ? [...triggers] : [triggers[0]]
    const wish = { clientId: dice.pick(this.clientIds), tenant: null, triggers: listensFor }
    const schedule = dice.chance(0.3) ? 'patreon' : 'standard'
    const rest = { signingKey: 'webhook', schedule, origin: 'page', audience: 0, isPaused: false } as const
    await this.commandAnew(registerWebhook, () => ({ ...wish, ...rest, uri: this.freshUri() }))
  }

  freshUri(): string {
    this.#uris += 1
    return `https://r${this.#uris}.example.test/hook`
  }

  /** Does something, and is busy until it is done. */
  async busily(what: () => Promise<void>): Promise<void> {
    this.busy += 1
    await what()
    this.busy -= 1
  }

  /** Events that were never posted before; those of a rush are all of one tenant and one trigger. */
  fresh(count: number, { size, isRush }: { size: number; isRush: boolean }): Posted[] {
    return Array.from({ length: count }, () => {
      const posted = this.#one(size)
      return isRush ? { ...posted, tenant: tenants[0], trigger: triggers[0] } : posted
    })
  }

  #one(size: number): Posted {
    const { dice } = this.world
    this.#posts += 1
    const number = this.#posts
    const name = dice.pick(['id', 'key', 'none'] as const)
    return {
      tenant: dice.chance(0.8) ? tenants[0] : dice.pick(tenants),
      trigger: dice.chance(0.8) ? triggers[0] : triggers[1],
      id: name === 'id' ? `post-${number}` : null,
      idempotencyKey: name === 'key' ? `post ${number}` : null,
      // Nobody may print it again: it would lose its spaces and its zeros.
      body: size > 0 ? large(size) : Buffer.from(`{ "n": ${number}.0 }`),
    }
  }

  /** Posts them until somebody learns what became of them. */
  async post(posted: readonly Posted[]): Promise<void> {
    const { world } = this
    for (;;) {
      const learnt = await this.#ask(posted)
      if (learnt.kind === 'answered') return this.#acknowledged(posted, learnt.answer)
      if (learnt.kind === 'unknown') world.faults.met('a publisher does not learn what became of an event')
      else if (!isAnotherTimePossible(learnt.error)) return world.fail(`an event is refused: ${learnt.error.message}`)
      await world.sleep(world.dice.spread(200, 30_000))
    }
  }

  #ask(posted: readonly Posted[]) {
    const catalogue = { isKnown: () => true, knows: async () => true }
    return this.world.ask(({ journal, budget, clock }) =>
      accept(posted, { journal, catalogue, budget, clock, random: this.world.dice }),
    )
  }

  #acknowledged(posted: readonly Posted[], accepted: readonly Accepted[]): void {
    if (accepted.length !== posted.length)
      return this.world.fail(`${posted.length} events got ${accepted.length} answers`)
    for (const [index, answer] of accepted.entries()) {
      const event = posted[index]
      if (event !== undefined) this.world.answers.learnt(event, answer)
    }
  }
}

function isAnotherTimePossible(error: Error): boolean {
  return 'code' in error && (error.code === 'unavailable' || error.code === 'overloaded')
}

const large = (size: number): Uint8Array => largest.subarray(0, size)

/** All large bodies are the same bytes: making as many as the server must bear would be most of a run. */
const largest: Uint8Array = Buffer.alloc(256 * 1024, 0x20)
