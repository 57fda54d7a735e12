/**
 * The things that rows name as `{thing}`. Those of a side are made once, with canaries in them; who gets through does it to
 * new ones, so that no row spoils another's.
 */
import { make } from '../people.ts'
import type { World } from '../world.ts'
import type { Canaries, Reader } from './canaries.ts'
import type { Person } from './cast.ts'
import { type Made, makers, type Thing } from './makers.ts'

/** Ids of things that never were, by their form. */
const never: Partial<Record<Thing, string>> = {
  tenant: 'campaign:987654321',
  member: '01890000-0000-7000-8000-000000000000',
  follower: '01890000-0000-7000-8000-000000000001',
  declined: '01890000-0000-7000-8000-000000000002',
  delivery: '987654321-987654322',
  email: 'nobody@example.test',
}

/** What anybody may know of is not asked for as if it never was. */
const isPublic = (name: Thing): boolean => name === 'vanity' || name === 'receiver'

/** Ids of things that never were, another one for each name, in the place of these. */
export const neverWere = (ids: ReadonlyMap<Thing, string>): Map<Thing, string> =>
  new Map([...ids].map(([name, id]) => [name, isPublic(name) ? id : neverWas(name)]))

const neverWas = (name: Thing): string => never[name] ?? String(987_654_300 + Object.keys(makers).indexOf(name))

/** What everything is made with. */
export type Beside = {
  world: World
  canaries: Canaries
  operator: Person
  /** Where somebody listens. */
  receiver: string
}

/** A creator and a patron, whose things they are. */
export type Owners = { creator: Person; patron: Person }

/**
 * `main`: there for good, with canaries. `creators`: new things in the creator's campaign, of a patron who is new.
 * `patrons`: new things of the patron, in the campaign of a creator who is new.
 */
type Kind = { name: 'main' } | { name: 'creators' | 'patrons'; main: Things }

/** The things of a creator and a patron, made when they are first asked for. */
export class Things {
  readonly world: World
  readonly operator: Person
  readonly receiver: string
  readonly creator: Person
  readonly patron: Person
  readonly kind: Kind['name']
  readonly main: Things
  readonly #canaries: Canaries | null
  readonly #made = new Map<string, Promise<Made>>()
  readonly #ids = new Map<Thing, Promise<string>>()

  constructor(
    { world, canaries, operator, receiver }: Beside,
    { creator, patron }: Owners,
    kind: Kind = { name: 'main' },
  ) {
    this.world = world
    this.operator = operator
    this.receiver = receiver
    this.creator = creator
    this.patron = patron
    this.kind = kind.name
    this.main = kind.name === 'main' ? this : kind.main
    this.#canaries = kind.name === 'main' ? canaries : null
  }

  /** A thing's id, by its name. */
  id(name: Thing): Promise<string> {
    const id = this.#ids.get(name) ?? makers[name](this)
    this.#ids.set(name, id)
    return id
  }

  /** Something of which several things are a part, made once. */
  once(name: string, making: () => Promise<Made>): Promise<Made> {
    const made = this.#made.get(name) ?? making()
    this.#made.set(name, made)
    return made
  }

  /** A text that the creator, and nobody but these, may read; of no meaning in new things. */
  private(what: string, text: string, ...others: Reader[]): string {
    const { reader } = this.creator
    return this.#canaries?.plant(`${reader}’s ${what}`, text, [reader, ...others]) ?? text
  }

  /** A text that nobody may read; or, of webhooks, who owns them. */
  secret(what: string, text: string, readers: readonly Reader[] = []): string {
    return this.#canaries?.plant(`${this.creator.reader}’s ${what}`, text, readers, 'secret') ?? text
  }

  /** Makes something by the API. */
  make(path: string, body: unknown, as: string = this.operator.key): Promise<Made> {
    return make<Made>(this.world, path, body, as)
  }
}
