import { within } from '../clock.ts'
import { type Config, ConfigError, readConfig } from '../config.ts'
import { CannotStart } from '../domain/cannot-start.ts'
import { type Duration, seconds } from '../domain/time.ts'
import type { Server } from '../main.ts'
import type { Environment } from './api.ts'
import { type Hand, Mistake, Trouble } from './hand.ts'
import { aborted } from './stopping.ts'

/** The settings; a mistake in them can't be meant. */
export function configIn(environment: Environment): Config {
  try {
    return readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) throw new Mistake(error.message)
    throw error
  }
}

/** Starts the server, or says in a sentence why it does not start. */
export async function startServer(config: Config): Promise<Server> {
  // The commands that only call a server need none of its parts.
  const { start } = await import('../main.ts')
  try {
    return await start(config)
  } catch (error) {
    const reason = reasonFor(error, config)
    throw reason === null ? error : new Trouble(reason)
  }
}

/** So long may a server take to stop that can't write any more; a disk that hangs must not keep it from being started anew. */
const brokenGrace: Duration = seconds(5)

/** Resolves when a server should be stopped: with null where somebody asked for it, or with what it can't go on with. */
export const reasonToStop = (server: Server, asked: AbortSignal): Promise<Error | null> =>
  Promise.race([aborted(asked).then(() => null), server.broke])

/** Stops a server. One that could not go on ends the process with an error, so that whoever keeps it running starts it anew. */
export async function stopServer(server: Server, reason: Error | null, hand: Hand): Promise<void> {
  if (reason === null) return await server.stop()
  await within(brokenGrace, server.stop(), hand.clock)
  throw new Trouble(
    `The store can't be written to any more: ${firstLine(reason)}\nWhat was accepted is on disk. Start Tidings again: it looks at the disk before it goes on.`,
  )
}

function reasonFor(error: unknown, { host, port, dataFolder }: Config): string | null {
  if (!(error instanceof Error)) return null
  const code = 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is taken by another program. Stop that, or choose another port: TIDINGS_PORT=${port + 1}`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine: set TIDINGS_HOST to one that it has, such as 127.0.0.1.`
  }
  if (code === 'EACCES' && 'syscall' in error && error.syscall === 'listen') {
    return `Port ${port} is only for the system's administrator: choose one above 1023 with TIDINGS_PORT.`
  }
  if (typeof code === 'string' && 'path' in error) {
    return `The data folder ${dataFolder} can't be used (${code}): choose another with TIDINGS_DATA, or repair its permissions.`
  }
  return error instanceof CannotStart ? firstLine(error) : null
}

const firstLine = ({ message }: Error): string => message.split('\n', 1)[0] ?? message
