// The programs that tests need beside Node, each with its reason: these are the only lists of them.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What `npm test` needs. */
export const forTests = [
  { command: 'chromium', name: 'chromium', reason: 'opens the pages as a browser does' },
  { command: 'ruby', name: 'ruby', reason: 'runs the Ruby client' },
  { command: 'python3', name: 'python3', reason: 'runs the Python client, and the receiver that follows the page' },
  { command: 'curl', name: 'curl', reason: 'carries the shell client and the examples' },
  {
    command: 'openssl',
    name: 'openssl',
    reason: 'signs for the shell client, and makes the certificates of test receivers',
  },
]

/** What `npm run faults` needs beside these, to do to a disk what happens to disks. */
export const forFaultyDisks = [
  { command: 'mkfs.ext4', name: 'e2fsprogs', reason: 'makes a file system whose power is cut' },
  { command: 'mkfs.xfs', name: 'xfsprogs', reason: 'makes another, and cuts the power of both' },
  { command: 'eatmydata', name: 'eatmydata', reason: 'keeps a server from syncing, so that a cut must lose something' },
  {
    command: 'strace',
    name: 'strace',
    reason: 'lets a sync fail, kills at a chosen call, and records what is written',
  },
  { command: 'faketime', name: 'faketime', reason: 'moves the clock of one process' },
]

/** What `npm run faults` needs to fence a server in, so that whatever it sends is counted and leads nowhere. */
export const forFences = [
  { command: 'ip', name: 'iproute2', reason: 'makes a network of its own for a server' },
  { command: 'nft', name: 'nftables', reason: 'counts what a server sends' },
  { command: 'setpriv', name: 'util-linux', reason: 'marks a server by its group, so that its packets are known' },
]

/** Installs what is missing where that is ours to do (root on Debian); elsewhere names it and ends the process. */
export function installDebianPackages(packages) {
  const missing = packages.filter(({ command }) => !isOnPath(command))
  if (missing.length === 0) return

  for (const { name, reason } of missing) console.log(`Missing: ${name} (${reason}).`)
  const names = missing.map(({ name }) => name)
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`Installing ${names.join(', ')} with apt-get …`)
    if (aptGet('update') && aptGet('install', '--yes', '--no-install-recommends', ...names)) return
    console.error('\napt-get failed; it says why above.')
  }
  console.error(`\nThe tests need ${names.join(', ')}. Install them with your system's packages, then try again.`)
  process.exit(1)
}

function isOnPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, command)))
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    // Absent, or not ours to run: the next folder may have it.
    return false
  }
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status } = spawnSync('apt-get', ['--quiet=2', ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  return status === 0
}
