// `npm test`: installs and compiles what is missing, runs every check, then every test. With arguments only the tests
// that they choose (they are vitest's); with --list it prints the product's specification.
import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { checks } from './checks.mjs'
import { forTests, installDebianPackages } from './debian-packages.mjs'
import { install } from './install.mjs'
import { printSpecification } from './specification.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const args = process.argv.slice(2)
// No tool reports to its makers or asks them for news from here.
const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
const vitest = 'node_modules/vitest/vitest.mjs'

if (args.includes('--list')) list()
else process.exitCode = test()

function list() {
  install()
  build()
  printSpecification(
    vitest,
    args.filter((argument) => argument !== '--list'),
  )
}

function test() {
  const isWhole = args.length === 0
  if (isWhole) installDebianPackages(forTests)
  install()
  build()
  const failed = isWhole ? failedChecks() : []
  if (isWhole) sumUp(failed)

  heading('tests')
  // Nothing may be printed after this: the run's last line says how many passed and how many failed.
  const status = run([vitest, 'run', ...args])
  return failed.length > 0 ? 1 : status
}

function failedChecks() {
  return checks.filter((check) => {
    heading(check.name)
    return run(check.args) !== 0
  })
}

function sumUp(failed) {
  const names = failed.map(({ name }) => name).join(', ')
  heading(failed.length === 0 ? `all ${checks.length} checks passed` : `FAILED checks: ${names} (see above)`)
}

function heading(text) {
  console.log(`\n== ${text}`)
}

function run([script, ...rest]) {
  const { status } = spawnSync(process.execPath, [script, ...rest], { env, stdio: ['ignore', 'inherit', 'inherit'] })
  return status ?? 1
}
