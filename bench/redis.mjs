// A Redis of one's own for each turn: it keeps its log in a temporary folder, and is reached through a socket in it.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findOrInstall } from './debian.mjs'

/**
 * What is accepted must be on disk, as with everybody else: every write is synced before it is answered. There are no
 * snapshots beside the log, and it is not rewritten within a turn: that would only cost Redis time.
 */
const settings = {
  ...{ appendonly: 'yes', appendfsync: 'always', save: '', 'auto-aof-rewrite-percentage': '0' },
  ...{ port: '0', daemonize: 'no', logfile: '', 'maxmemory-policy': 'noeviction' },
}

let running = null

// Whatever way the benchmark ends, also between two lines of `startRedis`.
process.on('exit', () => running?.kill('SIGKILL'))

/** Says what its program is called; installs it where that is ours to do; null where there is none. */
export const findRedis = () => findOrInstall('redis-server', program)

/** Starts one in a folder; says where its socket is, and which process it is. */
export async function startRedis(folder) {
  const data = join(folder, 'redis')
  mkdirSync(data, { mode: 0o700 })
  const redisSocket = join(data, 'socket')
  const options = Object.entries({ ...settings, dir: data, unixsocket: redisSocket })
  const args = options.flatMap(([name, value]) => [`--${name}`, value])
  const server = spawn(program(), args, { cwd: '/', stdio: 'ignore' })
  running = server
  while (spawnSync('redis-cli', ['-s', redisSocket, 'ping'], { encoding: 'utf8' }).stdout.trim() !== 'PONG') {
    if (server.exitCode !== null) throw new Error(`Redis ended (${server.exitCode})`)
  }
  return { redisSocket, pid: server.pid }
}

/** Stops it, without care for what it holds: nobody needs that any more. */
export async function stopRedis() {
  const server = running
  running = null
  if (server === null || server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGKILL')
  await ended
}

/** The version, as it says it. */
export const redisVersion = () =>
  /v=(\S+)/.exec(execFileSync(program(), ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown'

const program = () => (spawnSync('redis-server', ['--version']).status === 0 ? 'redis-server' : null)
