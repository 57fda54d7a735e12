/** The wiring: the only file that names every concrete part. */
import { join } from 'node:path'
import { hash, verify } from '@node-rs/argon2'
import { type FirstStart, makeFirstOperator } from './accounts/first-start.ts'
import { type Clock, type Random, systemClock, systemRandom } from './clock.ts'
import type { Config } from './config.ts'
import { dataFolder } from './data-folder.ts'
import { verdictOn } from './domain/outcome.ts'
import { inWords } from './domain/outcome-in-words.ts'
import { seconds } from './domain/time.ts'
import { vaultWith } from './domain/vault.ts'
import { openDoor } from './http/listen.ts'
import { noLimits, patreonLimits } from './http/patreon/limits.ts'
import { makeServer } from './http/server.ts'
import { sqliteJournal } from './journal/sqlite.ts'
import { errorFields, type Log, logTo } from './log.ts'
import { answerWithPage } from './pages/error-page.ts'
import type { Attempted } from './pipeline/deliver.ts'
import { type Load, startEngine } from './pipeline/engine.ts'
import { endOfTurn } from './pipeline/turn.ts'
import { TriggerCatalogue } from './registration/triggers.ts'
import { keyedRoutes, routes } from './routes.ts'
import { openSqliteStore, type SqliteStore } from './store/sqlite/store.ts'
import type { Store } from './store/store.ts'
import { guard } from './transport/guard.ts'
import { httpTransport } from './transport/http.ts'
import type { Transport } from './transport/transport.ts'

/** A receiver has this long for an attempt, from resolving its name to the end of its answer. */
const attemptDeadline = seconds(15)

/** Of these, this long for a connection. */
const connectDeadline = seconds(5)

/** What a test may hand in instead of the real ones; the benchmark's `memory` takes the place of the store's hot path. */
export type Parts = { clock: Clock; random: Random; log: Log; transport: Transport; memory: typeof onDisk }

const complainTo =
  (log: Log) =>
  (message: string, error: unknown): void =>
    log.error(errorFields(error), message)

/** One wide line for each attempt: a failure is worth reading by default, a success when somebody looks for it. */
const noteAttempts =
  (log: Log) =>
  ({ outcome, ...attempt }: Attempted): void => {
    const isAccepted = verdictOn(outcome) === 'accepted'
    if (isAccepted && !log.isLevelEnabled('debug')) return
    const status = outcome.kind === 'answered' ? outcome.answer.status : null
    const fields = { ...attempt, outcome: outcome.kind, status, ms: outcome.timing.ended }
    if (isAccepted) log.debug(fields, 'attempt.ended')
    else log.info({ ...fields, inWords: inWords(outcome) }, 'attempt.ended')
  }

/** A server that runs. */
export type Server = {
  /** Where it listens. */
  url: string
  /** What the first start made; null at every later one. */
  first: FirstStart | null
  /** Runs a named change that no call of the API makes, such as bringing the demo's kittens. */
  execute: Store['execute']
  load(): Load & { unwritten: number; lastSequence: number }
  /** Stops accepting, finishes or gives back what is in flight, and returns when everything is on disk. */
  stop(): Promise<void>
}

/** The store's file, and the programs of its threads. */
const places = ({ dataFolder: folder }: Config) => ({
  path: join(folder, 'tidings.db'),
  threads: {
    writer: new URL('./writer-thread.js', import.meta.url),
    checkpoint: new URL('./checkpoint-thread.js', import.meta.url),
  },
})

const onDisk = (opened: SqliteStore) => ({ store: opened as Store, journal: sqliteJournal(opened) })

/** Opens the store, starts the engine, then opens the door; `stop` does the reverse. */
export async function start(config: Config, parts?: Partial<Parts>): Promise<Server> {
  const { clock = systemClock, random = systemRandom, log = logTo(config.log) } = parts ?? {}
  const folder = dataFolder(config.dataFolder)
  const vaultKey = folder.vaultKey(config.key, random)
  const vault = vaultWith(vaultKey)

  const opened = await openSqliteStore({ ...places(config), vaultKey, vault, now: clock.now(), pace: systemClock })
  const { store, journal } = (parts?.memory ?? onDisk)(opened)
  const allow = config.allowPrivate
  const transport = parts?.transport ?? httpTransport({ clock, deadline: attemptDeadline, connectDeadline, allow })
  const told = { log: complainTo(log), attempted: noteAttempts(log) }
  const engine = startEngine({ store, journal, transport, clock, random, endOfTurn, ...told })
  const stopInside = async () => {
    await engine.stop()
    await opened.close()
  }

  const passwords = { hash: (password: string) => hash(password), verify }
  const door = await openDoor(config, (publicUrl) => {
    const tools = {
      ...{ store, journal, clock, random, log, vault, vaultKey, passwords, publicUrl },
      linkBase: config.documentUrl ?? publicUrl,
      catalogue: new TriggerCatalogue(store.read, config.documentUrl ?? publicUrl),
      destinations: { allowsLocalNames: allow.length > 0 },
      mayReach: guard({ allow }).mayReach,
      limits: config.hasPatreonLimits ? patreonLimits(clock) : noLimits,
      wake: engine.wake,
      nextOutcome: engine.nextOutcome,
      answerWithPage: answerWithPage(log),
    }
    return makeServer(tools, { keyed: (app) => keyedRoutes(app, tools), rest: (app) => routes(app, tools) })
  }).catch(async (error: unknown) => {
    await stopInside()
    throw error
  })
  const { url, publicUrl } = door
  const { operatorKey } = folder
  const first = await makeFirstOperator(config, { store, clock, random, passwords, operatorKey, publicUrl })

  return {
    url,
    first,
    execute: store.execute,
    load: () => ({ ...engine.load(), unwritten: opened.mailbox.busy, lastSequence: journal.lastSequence() }),
    async stop() {
      await door.app.close()
      await stopInside()
    },
  }
}
