// Installs the packages that the lock file names, and only when they are not there yet.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = new URL('..', import.meta.url)
const lock = new URL('package-lock.json', root)
const stamp = new URL('node_modules/.tidings-stamp', root)
// npm writes this one last, so it tells an installation that ended well from one that was cut short.
const installedLock = new URL('node_modules/.package-lock.json', root)

const installation = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--include=dev']

/** Makes node_modules agree with the lock file; ends the process with a way to go on when that fails. */
export function install() {
  const wanted = stampOf(lock)
  if (isInstalled(wanted)) return

  console.log('Installing packages (npm ci) …')
  const began = performance.now()
  const { status, error } = runNpm(installation)
  if (status !== 0) giveUp(error)
  writeFileSync(stamp, wanted)
  console.log(`Installed in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
}

// A folder carried to another kind of machine holds the wrong binaries.
function stampOf(file) {
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
  return `${hash} ${process.platform}-${process.arch}\n`
}

function isInstalled(wanted) {
  if (existsSync(stamp)) return existsSync(installedLock) && readFileSync(stamp, 'utf8') === wanted
  if (!existsSync(installedLock) || statSync(installedLock).mtimeMs < statSync(lock).mtimeMs) return false
  // Somebody ran `npm ci` by hand.
  writeFileSync(stamp, wanted)
  return true
}

function runNpm(args) {
  const options = { cwd: fileURLToPath(root), stdio: ['ignore', 'inherit', 'inherit'] }
  const npm = process.env.npm_execpath
  return npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

function giveUp(error) {
  console.error(`
The packages could not be installed${error === undefined ? '; npm says why above' : `: ${error.message}`}.
 - Without a network, or behind a proxy: check that \`npm ping\` answers.
 - After a broken installation: remove the folder node_modules.
Then run the same command again.`)
  process.exit(1)
}
