/**
 * One world with two creators and what is theirs: Cleo, whose patron is Pat, and Rob, whose patron is Zoe. Each of them
 * has a key and is logged in; what is private in their things are canaries.
 */
import { scopes } from '#src/domain/access.ts'
import { make } from '../people.ts'
import { aLastingWorld, type World } from '../world.ts'
import { Canaries, type Reader } from './canaries.ts'
import { makers, type Thing } from './makers.ts'
import { aSession, type Session } from './session.ts'
import { type Beside, type Owners, Things } from './things.ts'

/** Somebody with everything that one needs to ask. */
export type Person = { reader: Reader; id: string; key: string; session: Session }

/** A creator, a patron of theirs, and what is theirs. */
export type Side = Owners & { things: Things }

/** What the whole matrix works with. */
export type Cast = Beside & {
  /** Everything that the server wrote into its log. */
  log: string[]
  cleos: Side
  robs: Side
}

/** Sets the scene; whoever asked for it closes its world. */
export async function aCast(): Promise<Cast> {
  const log: string[] = []
  const world = await aLastingWorld({ parts: { log: logInto(log) } })
  const canaries = new Canaries()
  const operator = await theOperator(world)
  const person = (reader: Reader, readers: Reader[]) => aPerson(reader, { world, canaries, readers })
  const [cleo, pat] = [await person('cleo', []), await person('pat', ['cleo'])]
  const [rob, zoe] = [await person('rob', []), await person('zoe', ['rob'])]
  const beside = { world, canaries, operator, receiver: (await world.aReceiver()).uri }
  const cleos = await sideOf({ creator: cleo, patron: pat }, beside)
  const robs = await sideOf({ creator: rob, patron: zoe }, beside)
  await world.quiet()
  return { ...beside, log, cleos, robs }
}

async function sideOf(owners: Owners, beside: Beside): Promise<Side> {
  const things = new Things(beside, owners)
  for (const name of Object.keys(makers) as Thing[]) await things.id(name)
  await keepAddress(owners, beside)
  return { ...owners, things }
}

/** Where the patron lives, which nobody but the creator may know. */
async function keepAddress({ creator, patron }: Owners, { world, canaries }: Beside): Promise<void> {
  const readers = [creator.reader, patron.reader]
  const line = canaries.plant(`the address of ${patron.reader}`, `${patron.reader}-street-canary 1`, readers)
  const city = canaries.plant(`the city of ${patron.reader}`, `${patron.reader}-city-canary`, readers)
  const body = { line_1: line, city, country: 'DE' }
  await world.call('PUT', `/api/v1/accounts/${patron.id}/address`, { body })
}

type Planting = Pick<Beside, 'world' | 'canaries'> & { readers: readonly Reader[] }

/** Somebody whose e-mail address, and whose name if it is a patron's, these and nobody else may read. */
async function aPerson(reader: Reader, { world, canaries, readers }: Planting): Promise<Person> {
  const mail = canaries.plant(`the e-mail address of ${reader}`, `${reader}.mail.canary@example.test`, [
    reader,
    ...readers,
  ])
  const isPatron = readers.length > 0
  const name = isPatron ? canaries.plant(`the name of ${reader}`, `${reader} NameCanary`, [reader, ...readers]) : reader
  const { id, link } = await make<Record<'id' | 'link', string>>(world, '/api/v1/accounts', {
    email: mail,
    full_name: name,
  })
  const { key } = await make<{ key: string }>(world, '/api/v1/keys', { name: 'all', scopes, account_id: id })
  canaries.plant(`the key of ${reader}`, key, [], 'secret')
  return { reader, id, key, session: await aSession(world, link) }
}

async function theOperator(world: World): Promise<Person> {
  const { body } = await world.call<{ data: { id: string }[] }>('GET', '/api/v1/accounts')
  const session = await aSession(world, world.server.first?.link ?? '')
  return { reader: 'operator', id: body.data[0]?.id ?? '', key: world.key, session }
}

function logInto(lines: string[]) {
  const write = (fields: Record<string, unknown>, message: string) =>
    void lines.push(JSON.stringify({ message, ...fields }))
  return { isLevelEnabled: () => true, debug: write, info: write, warn: write, error: write }
}
