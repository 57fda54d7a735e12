/**
 * Writes docs/api/openapi.json, as the compiled server describes itself: `node scripts/openapi.mjs`.
 * With --check it writes nothing and fails when the file is not what the server says.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../dist/config.js'
import { start } from '../dist/main.js'

const path = fileURLToPath(new URL('../docs/api/openapi.json', import.meta.url))

/** The keys in order, so that a change in the file is a change in the API and nothing else. */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  )
}

async function description() {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-openapi-'))
  try {
    const server = await start(readConfig({ TIDINGS_DATA: folder, TIDINGS_PORT: '0', TIDINGS_LOG: 'error' }))
    const answer = await fetch(`${server.url}/api/v1/openapi.json`)
    const text = `${JSON.stringify(sorted(await answer.json()), null, 2)}\n`
    await server.stop()
    return text
  } finally {
    await rm(folder, { recursive: true })
  }
}

const said = await description()
if (process.argv.includes('--check')) {
  const kept = await readFile(path, 'utf8').catch(() => '')
  if (kept !== said) console.error('docs/api/openapi.json is not what the server says: run node scripts/openapi.mjs')
  process.exit(kept === said ? 0 : 1)
}
await writeFile(path, said)
console.log('docs/api/openapi.json is what the server says.')
process.exit(0)
