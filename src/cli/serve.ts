import { bold, dim } from 'ansis'
import type { Command } from 'commander'
import { settingsTable } from '../config.ts'
import type { Hand } from './hand.ts'
import { configIn, reasonToStop, startServer, stopServer } from './start-up.ts'
import { stopSignal } from './stopping.ts'
import { glossary } from './table.ts'

/** `tidings serve`: the server, and nothing else. */
export function addServe(program: Command, hand: Hand): void {
  program
    .command('serve')
    .description('run the server')
    .addHelpText('after', () => `\n${bold('Settings, from the environment:')}\n${settingsHelp()}`)
    .action(() => serve(hand))
}

/** Every setting with its default. */
const settingsHelp = (): string =>
  glossary(
    settingsTable().map(({ name, about, fallback }) => [name, fallback === '' ? about : `${about} (${fallback})`]),
  )

async function serve(hand: Hand): Promise<void> {
  const config = configIn(hand.environment)
  const stop = stopSignal(hand.clock)
  const server = await startServer(config)
  const { url, first } = server

  hand.say(`${bold('Tidings')} listens on ${config.publicUrl ?? url}`)
  if (first !== null) {
    if (first.link !== null)
      hand.say(`\nChoose the operator's password here (${first.email}; works once):\n${first.link}`)
    hand.say(`\nThe operator's API key is in ${config.dataFolder}, where the command line finds it.`)
  }
  hand.say(dim('\nCtrl-C stops it.'))

  const reason = await reasonToStop(server, stop)
  if (reason === null) hand.say('Stopping: what is being delivered is finished first.')
  await stopServer(server, reason, hand)
  hand.say('Stopped.')
}
