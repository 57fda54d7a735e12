// Imported first by every script that people start, so that an old Node is told so in words and not by a stack trace.
import { readFileSync } from 'node:fs'

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const wanted = engines.node.replace('>=', '')
const [major, minor] = process.versions.node.split('.').map(Number)
const [wantedMajor, wantedMinor] = wanted.split('.').map(Number)

if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
  console.error(
    `Tidings needs Node ${wanted} or newer; this is Node ${process.versions.node}. See https://nodejs.org/.`,
  )
  process.exit(1)
}
