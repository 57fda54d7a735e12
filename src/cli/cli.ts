/** The hand: `tidings <command>`. The only file beside `main.ts` that is given the environment. */
import { readFileSync } from 'node:fs'
import { bold, dim, red } from 'ansis'
import { Command, CommanderError } from 'commander'
import { addAccounts } from './accounts.ts'
import type { Environment } from './api.ts'
import { addBenefits } from './benefits.ts'
import { addCampaigns } from './campaigns.ts'
import { addCharges } from './charges.ts'
import { addClients } from './clients.ts'
import { addClock } from './clock.ts'
import { addDeliveries } from './deliveries.ts'
import { addDev } from './dev.ts'
import { addEvents } from './events.ts'
import { Hand, Mistake, Trouble } from './hand.ts'
import { addKeys } from './keys.ts'
import { addKittens } from './kittens.ts'
import { addMembers } from './members.ts'
import { addPledges } from './pledges.ts'
import { addPosts } from './posts.ts'
import { addServe } from './serve.ts'
import { addTriggers } from './triggers.ts'
import { addWebhooks } from './webhooks.ts'

/** Runs one command and ends the process with its exit code: 0, 1 for a failure, 2 for what can't be meant. */
export async function runCommandLine(argv: readonly string[], environment: Environment): Promise<void> {
  const output = outliveItsEnd()
  const hand = new Hand(environment)
  const code = await exitCodeOf(() => programFor(hand).parseAsync([...argv]), hand)
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()))
  process.exit(code === 0 && output.isLost ? 1 : code)
}

function programFor(hand: Hand): Command {
  const program = new Command('tidings')
    .description('Webhooks for any product, and the sandbox Patreon integrators never had.')
    .version(`tidings ${versionOf()}`, '-V, --version', 'print the version')
    .helpCommand(false)
    .exitOverride()
    .configureHelp({ styleTitle: (title) => bold(title), showGlobalOptions: false })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, red('Not understood: '))) })
    .addHelpText('after', environmentHelp)

  program.commandsGroup('Servers:')
  addServe(program, hand)
  addDev(program, hand)
  program.commandsGroup('Calls to a server that runs:')
  for (const add of calls) add(program, hand)
  return program
}

const calls = [
  ...[addClients, addKeys, addWebhooks, addEvents, addDeliveries, addTriggers],
  ...[addCampaigns, addPledges, addMembers, addCharges, addClock, addPosts, addBenefits, addAccounts, addKittens],
]

const environmentHelp = `
${bold('Where calls go:')}
  TIDINGS_URL      the server (http://127.0.0.1:<TIDINGS_PORT or 8080>)
  TIDINGS_API_KEY  the API key (what is in <TIDINGS_DATA or ./data>/operator-key)

${bold('Examples:')}
  tidings dev                             ${dim('a server with a demo in it')}
  tidings deliveries list --status due    ${dim('what is tried again later')}
  tidings webhooks list --json            ${dim("the API's JSON, for programs")}`

async function exitCodeOf(run: () => Promise<unknown>, hand: Hand): Promise<number> {
  try {
    await run()
    return 0
  } catch (error) {
    // Commander has printed what it had to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (!(error instanceof Mistake) && !(error instanceof Trouble)) throw error
    hand.complain(error.message)
    return error instanceof Mistake ? 2 : 1
  }
}

/**
 * Whoever reads our output may go before we do (`| head`), and the disk that it goes to may be full: that is no reason
 * for a server to crash. Where a reader did not want less, the exit code says that something was lost.
 */
function outliveItsEnd(): { isLost: boolean } {
  const output = { isLost: false }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      output.isLost ||= !('code' in error) || error.code !== 'EPIPE'
    })
  }
  return output
}

function versionOf(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return isManifest ? String(manifest.version) : ''
}
