// Compiles src/ to dist/, and only when something that the result depends on has changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [source, compiled] = [join(root, 'src'), join(root, 'dist')]
const stamp = join(compiled, '.stamp')
const typeGenerator = join(root, 'scripts/generate-types.mjs')
const compiler = join(root, 'node_modules/typescript7/bin/tsc')

// Beside the sources themselves. The API's description is what the generated types come from.
const ingredients = ['tsconfig.json', 'package-lock.json', 'docs/api/openapi.json', 'scripts/generate-types.mjs']

/** Brings dist/ up to date; ends the process when the sources do not compile. */
export function build() {
  if (isFresh()) return

  console.log('Compiling …')
  const began = performance.now()
  if (existsSync(typeGenerator)) run(typeGenerator)
  run(compiler, '-p', join(root, 'tsconfig.json'))
  removeOrphans()
  mkdirSync(compiled, { recursive: true })
  writeFileSync(stamp, fingerprint())
  console.log(`Compiled in ${((performance.now() - began) / 1000).toFixed(1)} s.`)
}

function isFresh() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()
}

function fingerprint() {
  const hash = createHash('sha256').update(process.version)
  const files = [...ingredients.map((name) => join(root, name)).filter(existsSync), ...filesIn(source).sort()]
  for (const file of files) hash.update(`\n${relative(root, file)}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status === 0) return
  console.error(`\nCompiling failed in ${relative(root, script)}; it says why above.`)
  process.exit(1)
}

// A module that is gone must not be found any more, neither by an import nor by a test.
function removeOrphans() {
  for (const file of filesIn(compiled)) {
    const origin = join(source, relative(compiled, file)).replace(/\.js(\.map)?$/, '.ts')
    if (file !== stamp && !existsSync(origin)) rmSync(file)
  }
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await import('./node-version.mjs')
  build()
}
