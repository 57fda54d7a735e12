/** The wiring: the only file that names every concrete part. */
import { join } from 'node:path'
import { hash, verify } from '@node-rs/argon2'
import { type FirstStart, makeFirstOperator } from './accounts/first-start.ts'
import { type Clock, type Random, steadyClock, systemClock, systemRandom } from './clock.ts'
import type { Config } from './config.ts'
import { dataFolder } from './data-folder.ts'
import { CannotStart } from './domain/cannot-start.ts'
import { verdictOn } from './domain/outcome.ts'
import { inWords } from './domain/outcome-in-words.ts'
import { type Duration, type Instant, seconds } from './domain/time.ts'
import { type Vault, vaultWith } from './domain/vault.ts'
import type { Readiness } from './http/health.ts'
import { openDoor } from './http/listen.ts'
import { noLimits, patreonLimits } from './http/patreon/limits.ts'
import { makeServer } from './http/server.ts'
import { sqliteJournal } from './journal/sqlite.ts'
import { errorFields, type Log, logTo } from './log.ts'
import { type DueCharges, dueCharges, runDueCharges } from './membership/due-charges.ts'
import { type MovableClock, movableClock } from './movable-clock.ts'
import { answerWithPage } from './pages/error-page.ts'
import { passageOf } from './passage.ts'
import { Bell } from './pipeline/bell.ts'
import { Budget } from './pipeline/budget.ts'
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
  /** What time it is here, and how far that is ahead of the machine's. */
  clock: Clock
  ahead(): Duration
  /** Runs a named change that no call of the API makes, such as bringing the demo's kittens. */
  execute: Store['execute']
  load(): Load & { unwritten: number; lastSequence: number }
  /** Resolves should it not be able to go on: it must be stopped then, and started anew in another process. */
  broke: Promise<Error>
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

/** The clock that somebody may move; null where it is the machine's. What happened ahead of the machine's can't be undone. */
function movableIn(folder: ReturnType<typeof dataFolder>, config: Config, machine: Clock): MovableClock | null {
  const ahead = folder.clockAhead()
  if (config.clock === 'movable') return movableClock(machine, ahead, folder.keepClockAhead)
  if (ahead === 0) return null
  throw new CannotStart(
    `The clock of ${config.dataFolder} was moved ahead of this machine's. Start it with TIDINGS_CLOCK=movable, as \`tidings dev\` does, or choose another folder with TIDINGS_DATA.`,
  )
}

/** What all parts of one server share. */
type Ground = Pick<Parts, 'clock' | 'random' | 'log'> & {
  config: Config
  folder: ReturnType<typeof dataFolder>
  machine: Clock
  movable: MovableClock | null
  vaultKey: Buffer
  vault: Vault
}

function groundOf(config: Config, parts: Partial<Parts> | undefined): Ground {
  const { clock: machine = systemClock, random = systemRandom, log = logTo(config.log) } = parts ?? {}
  const folder = dataFolder(config.dataFolder)
  const movable = movableIn(folder, config, machine)
  const vaultKey = folder.vaultKey(config.key?.reveal() ?? null, random)
  return {
    config,
    folder,
    machine,
    movable,
    clock: movable ?? machine,
    random,
    log,
    vaultKey,
    vault: vaultWith(vaultKey),
  }
}

/** Opens the store and starts what happens behind the door. */
async function startInside({ config, machine, clock, random, log, vaultKey, vault }: Ground, parts?: Partial<Parts>) {
  const opened = await openSqliteStore({ ...places(config), vaultKey, vault, now: clock.now(), pace: steadyClock })
  const { store, journal } = (parts?.memory ?? onDisk)(opened)
  const foundSequence = journal.lastSequence()
  const limits = { deadline: attemptDeadline, connectDeadline, allow: config.allowPrivate }
  // How long something takes is measured by a clock that nobody moves in the middle of it.
  const steady = parts?.clock ?? steadyClock
  const transport = parts?.transport ?? httpTransport({ clock: steady, ...limits })
  const complain = complainTo(log)
  const told = { log: complain, attempted: noteAttempts(log) }
  const engine = startEngine({ store, journal, transport, clock, machine, steady, random, endOfTurn, ...told })
  const charging = new AbortController()
  const chargeBell = new Bell()
  // Somebody may have pledged, or a paid post come out: what is due next is looked up again.
  opened.onCommit(({ ranCommands }) => ranCommands && chargeBell.ring())
  let charged = Promise.resolve()
  let isBroken = false
  const broke = opened.broke.then((error) => {
    isBroken = true
    log.error(errorFields(error), 'store.broken')
    return error
  })
  return {
    ...{ store, journal, engine, broke },
    readiness(): Readiness {
      const state = isBroken ? 'broken' : opened.mailbox.state
      return state === 'writable' ? 'ready' : `store_${state}`
    },
    budget: new Budget({
      // What an earlier life left is looked at once more, however much it is; nobody is refused for that.
      unplanned: () => journal.lastSequence() - Math.max(engine.load().planned, foundSequence),
      clock: machine,
      told: (shed) => log.warn(shed, 'requests.shed'),
    }),
    load: () => ({ ...engine.load(), unwritten: opened.mailbox.busy, lastSequence: journal.lastSequence() }),
    charge(charges: DueCharges): void {
      const sleepUntil = (moment: Instant, signal: AbortSignal) => chargeBell.wait(moment, clock, signal)
      charged = runDueCharges({ charges, clock, sleepUntil, log: complain }, charging.signal)
    },
    async stop() {
      charging.abort()
      await charged
      await engine.stop(isBroken)
      await opened.close()
    },
  }
}

type Inside = Awaited<ReturnType<typeof startInside>>

const passwords = { hash: (password: string) => hash(password), verify }

const linkBaseOf = ({ documentUrl }: Config, publicUrl: string): string => documentUrl ?? publicUrl

/** The charges that are taken by themselves; null where nobody is charged so. */
const chargesOf = ({ config, clock }: Ground, { store }: Inside, publicUrl: string): DueCharges | null =>
  config.takesCharges ? dueCharges({ store, clock, linkBase: linkBaseOf(config, publicUrl) }) : null

/** What the doors work with, once it is known how they are reached. */
function doorTools(
  ground: Ground,
  inside: Inside,
  { publicUrl, closing }: { publicUrl: string; closing: AbortSignal },
) {
  const { config, machine, movable, clock, random, log, vaultKey, vault } = ground
  const { store, journal, engine, budget, readiness, load } = inside
  const linkBase = linkBaseOf(config, publicUrl)
  const time = { machine, store, load, rest: engine.rest, charges: chargesOf(ground, inside, publicUrl) }
  return {
    ...{
      store,
      journal,
      budget,
      readiness,
      clock,
      machine,
      random,
      log,
      vault,
      vaultKey,
      passwords,
      publicUrl,
      linkBase,
    },
    catalogue: new TriggerCatalogue(store.read, linkBase),
    destinations: { allowsLocalNames: config.allowPrivate.length > 0 },
    mayReach: guard({ clock: machine, allow: config.allowPrivate }).mayReach,
    limits: config.hasPatreonLimits ? patreonLimits(clock) : noLimits,
    ...{ wake: engine.wake, nextOutcome: engine.nextOutcome, answerWithPage: answerWithPage(log) },
    passage: movable === null ? null : passageOf({ clock: movable, ...time }, closing),
  }
}

/** Opens the store, starts the engine, then opens the door; `stop` does the reverse. */
export async function start(config: Config, parts?: Partial<Parts>): Promise<Server> {
  const ground = groundOf(config, parts)
  const inside = await startInside(ground, parts)
  const closing = new AbortController()
  const door = await openDoor(config, (publicUrl) => {
    const tools = doorTools(ground, inside, { publicUrl, closing: closing.signal })
    return makeServer(tools, { keyed: (app) => keyedRoutes(app, tools), rest: (app) => routes(app, tools) })
  }).catch(async (error: unknown) => {
    await inside.stop()
    throw error
  })

  const { url, publicUrl } = door
  const { store, load, broke } = inside
  const { clock, random, movable, folder } = ground
  const { operatorKey } = folder
  const first = await makeFirstOperator(config, { store, clock, random, passwords, operatorKey, publicUrl })
  const charges = chargesOf(ground, inside, publicUrl)
  if (charges !== null) inside.charge(charges)

  const stop = async () => {
    closing.abort()
    await door.app.close()
    await inside.stop()
  }
  return { url, first, clock, ahead: () => movable?.ahead() ?? 0, execute: store.execute, load, broke, stop }
}
