// A PostgreSQL of one's own for each turn: made in a temporary folder, reached through a socket in it, and removed.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findOrInstall } from './debian.mjs'

/**
 * Durability as it comes (fsync and synchronous_commit on). Beside it what an engineer sets for such a load: more
 * memory, and no compiling of statements that run for milliseconds.
 */
const settings = ['shared_buffers=512MB', 'jit=off', 'listen_addresses=']

let running = null

// Whatever way the benchmark ends, also between two lines of `startPostgres`.
process.on('exit', () => running?.kill('SIGQUIT'))

/** Says where its programs are; installs them where that is ours to do; null where there are none. */
export const findPostgres = () => findOrInstall('postgresql', programs)

/** Starts one in a folder; says where its socket and its first process are. */
export async function startPostgres(folder) {
  const bin = programs()
  const [data, owner] = [join(folder, 'postgres'), ownerOfServer()]
  mkdirSync(data, { mode: 0o700 })
  if (owner.uid !== undefined) chownSync(data, owner.uid, owner.gid)
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], {
    ...owner,
    cwd: '/',
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)

  const options = [...settings, `unix_socket_directories=${data}`].flatMap((setting) => ['-c', setting])
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...options], { ...owner, cwd: '/', stdio: 'ignore' })
  running = server
  while (spawnSync(join(bin, 'pg_isready'), ['-q', '-h', data]).status !== 0) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended (${server.exitCode})`)
  }
  return { socketFolder: data, pid: server.pid }
}

/** Stops it, without care for what it holds: nobody needs that any more. */
export async function stopPostgres() {
  const server = running
  running = null
  if (server === null || server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGQUIT')
  await ended
}

/** The version, as it says it. */
export const postgresVersion = () =>
  execFileSync(join(programs(), 'postgres'), ['--version'], { encoding: 'utf8' }).trim()

// Debian keeps several side by side; the newest.
function programs() {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return null
  const [newest] = readdirSync(root).toSorted((one, other) => Number(other) - Number(one))
  return newest === undefined ? null : join(root, newest, 'bin')
}

// PostgreSQL refuses to run as root.
function ownerOfServer() {
  if (process.getuid() !== 0) return {}
  const id = (option) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
