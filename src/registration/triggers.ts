import { Refusal } from '../domain/refusal.ts'
import type { PatreonTrigger, RegisteredTrigger } from '../domain/trigger.ts'
import { kittenTriggers, patreonTriggers } from '../domain/trigger.ts'
import { kittenTriggerList } from '../kittens/examples.ts'
import { exampleBody } from '../membership/examples.ts'
import { command } from '../store/command.ts'
import type { Readings } from '../store/records.ts'

const builtInNames: readonly string[] = [...patreonTriggers, ...kittenTriggers]

const meaningOf: Record<PatreonTrigger, string> = {
  'pledges:create': 'Somebody became a patron.',
  'pledges:update': 'A patron changed their pledge; it has a new id.',
  'pledges:delete': 'A patron cancelled their pledge.',
  'members:create': 'Somebody joined who never paid before: free, or as a patron.',
  'members:update': 'Something changed about a member; every charge is told with it.',
  'members:delete': 'A member left who never paid.',
  'members:pledge:create': 'A member began to pledge.',
  'members:pledge:update': 'A member changed their pledge.',
  'members:pledge:delete': 'A member’s pledge ended.',
  'posts:publish': 'A creator published a post.',
  'posts:update': 'A creator changed a post.',
  'posts:delete': 'A creator deleted a post.',
}

/** The triggers that Tidings itself causes. */
function builtInTriggers(linkBase: string): RegisteredTrigger[] {
  const patreons = patreonTriggers.map((name) => ({
    name,
    description: meaningOf[name],
    example: Buffer.from(exampleBody(name, linkBase)).toString('latin1'),
  }))
  return [...patreons, ...kittenTriggerList]
}

/** Registers a trigger, so that events may carry it and webhooks may listen for it. */
export const registerTrigger = command('triggers.register', async (records, trigger: RegisteredTrigger, at) => {
  if (builtInNames.includes(trigger.name) || (await records.triggers.find(trigger.name)) !== null) {
    throw new Refusal('trigger_taken', {
      message: `The trigger "${trigger.name}" is registered already.`,
      field: 'name',
      expected: 'another name',
    })
  }
  await records.triggers.insert(trigger, at.now)
  return trigger
})

/** The triggers that are registered, built in or not. A trigger is never unregistered, so what is known stays known. */
export class TriggerCatalogue {
  readonly #read: Pick<Readings, 'triggers'>
  readonly #builtIn: readonly RegisteredTrigger[]
  readonly #known: Map<string, RegisteredTrigger>

  constructor(read: Pick<Readings, 'triggers'>, linkBase: string) {
    this.#read = read
    this.#builtIn = builtInTriggers(linkBase)
    this.#known = new Map(this.#builtIn.map((trigger) => [trigger.name, trigger]))
  }

  async find(name: string): Promise<RegisteredTrigger | null> {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const found = await this.#read.triggers.find(name)
    if (found !== null) this.#known.set(name, found)
    return found
  }

  /** Of what was asked for before; a trigger may be registered all the same. */
  isKnown(name: string): boolean {
    return this.#known.has(name)
  }

  async knows(name: string): Promise<boolean> {
    return (await this.find(name)) !== null
  }

  async list(): Promise<RegisteredTrigger[]> {
    return [...this.#builtIn, ...(await this.#read.triggers.list())]
  }
}
