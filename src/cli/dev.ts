import { resolve } from 'node:path'
import { bold, dim, red } from 'ansis'
import type { Command } from 'commander'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Server } from '../main.ts'
import type { Environment } from './api.ts'
import { NoServer, Refused } from './api.ts'
import { play, type Stage } from './demo/play.ts'
import type { Receiver } from './demo/receiver-process.ts'
import { clockTime, type Doors, finalScreen, heardLine, readyLine } from './demo/screen.ts'
import { type Hand, Trouble } from './hand.ts'
import { momentAndAge } from './moments.ts'
import { configIn, reasonToStop, startServer, stopServer } from './start-up.ts'
import { aborted, stopSignal } from './stopping.ts'

/** The demo's receiver is on this machine, where receivers may not be unless an operator says so. */
const loopback = ['127.0.0.0/8', '::1/128']

/** `tidings dev`: the server with a demo in it. */
export function addDev(program: Command, hand: Hand): void {
  program
    .command('dev')
    .description('run the server with a demo in it: kittens, a creator, a patron, and a receiver')
    .addHelpText(
      'after',
      '\nThe settings are those of `tidings serve --help`. Receivers may be on this machine, and the clock can be moved.',
    )
    .action(() => dev(hand))
}

async function dev(hand: Hand): Promise<void> {
  const config = devConfig(hand.environment)
  const signal = stopSignal(hand.clock)
  const server = await startServer(config)
  hand.say(`${bold('Tidings')} ${dim('with a demo in it')}\n`)
  hand.say(readyLine('server', server.url))
  const now = new Date(server.clock.now()).toISOString()
  if (server.ahead() > 0) hand.say(readyLine('clock', `it was moved ahead: ${momentAndAge(now, hand.clock.now())}`))

  const started: Receiver[] = []
  const ready = (what: string, detail: string) => hand.say(readyLine(what, detail))
  const { dataFolder } = config
  const stage = { server, dataFolder, clock: hand.clock, signal, ready, started: (one: Receiver) => started.push(one) }
  await Promise.race([showDemo(stage, doorsOf(server, config), hand), aborted(signal)])
  for (const receiver of started) watch(receiver, signal, { hand, clock: server.clock })

  const reason = await reasonToStop(server, signal)
  if (reason === null) hand.say(dim('\nStopping: what is being delivered is finished first.'))
  try {
    await stopServer(server, reason, hand)
  } finally {
    await Promise.all(started.map((receiver) => receiver.stop()))
  }
  hand.say(dim('Stopped. The next start finds everything as it is.'))
}

function watch(receiver: Receiver, signal: AbortSignal, { hand, clock }: { hand: Hand; clock: Clock }): void {
  receiver.onHeard((heard) => hand.say(heardLine(heard, timeOf(clock))))
  receiver.onEnded(() => {
    if (!signal.aborted) hand.complain(red('The demo’s receiver ended. What is delivered to it is tried again later.'))
  })
}

/** A demo that can't be played is no reason to end the server. */
async function showDemo(stage: Stage, doors: Doors, hand: Hand): Promise<void> {
  try {
    const played = await play(stage)
    if (!stage.signal.aborted) hand.say(finalScreen(played, doors))
  } catch (error) {
    if (stage.signal.aborted) return
    if (!(error instanceof Trouble || error instanceof Refused || error instanceof NoServer)) throw error
    hand.complain(`\n${red('The demo could not be played:')} ${error.message}`)
    hand.say(`The server runs without it. ${dim('Ctrl-C stops it.')}`)
  }
}

function devConfig(environment: Environment): Config {
  const { TIDINGS_LOG: level = '', TIDINGS_CLOCK: clock = '' } = environment
  // Every attempt is on the screen already; and nobody waits weeks to see what time brings.
  const demo = { TIDINGS_LOG: level === '' ? 'warn' : level, TIDINGS_CLOCK: clock === '' ? 'movable' : clock }
  const config = configIn({ ...environment, ...demo })
  return { ...config, allowPrivate: [...config.allowPrivate, ...loopback] }
}

function doorsOf({ url, first }: Server, { publicUrl, dataFolder }: Config): Doors {
  const exports = [
    ...(url === 'http://127.0.0.1:8080' ? [] : [`export TIDINGS_URL=${url}`]),
    ...(dataFolder === resolve('data') ? [] : [`export TIDINGS_DATA=${dataFolder}`]),
  ]
  return { url: publicUrl ?? url, first, exports }
}

const timeOf = (clock: Clock): string => clockTime(new Date(clock.now()).toISOString())
