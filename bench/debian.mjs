// Programs that the benchmark needs beside Node: installed where that is ours to do, as root on Debian.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Installs a package where `find` finds nothing; returns what it finds then, null where it is still nothing. */
export function findOrInstall(name, find) {
  const found = find()
  if (found !== null || process.getuid() !== 0 || !existsSync('/etc/debian_version')) return found
  console.log(`Installing ${name} with apt-get …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const run = (...args) => spawnSync('apt-get', ['--quiet=2', ...args], { env, stdio: 'inherit' })
  run('update')
  run('install', '--yes', '--no-install-recommends', name)
  return find()
}
