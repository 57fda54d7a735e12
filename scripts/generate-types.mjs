/** Makes src/cli/generated/api.ts from docs/api/openapi.json, when that has changed since. */
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const description = await readFile(new URL('../docs/api/openapi.json', import.meta.url), 'utf8')
const target = fileURLToPath(new URL('../src/cli/generated/api.ts', import.meta.url))
const mark = `// Made by scripts/generate-types.mjs from docs/api/openapi.json ${createHash('sha256').update(description).digest('hex')}\n`

const current = await readFile(target, 'utf8').catch(() => '')
if (!current.startsWith(mark)) {
  // Loading the generator takes longer than all the rest, and most builds don't need it.
  const { default: openapiTS, astToString } = await import('openapi-typescript')
  // A default is the server's business: who calls may leave such a field out.
  const types = astToString(await openapiTS(JSON.parse(description), { defaultNonNullable: false }))
  await mkdir(new URL('.', new URL('../src/cli/generated/api.ts', import.meta.url)), { recursive: true })
  await writeFile(target, mark + types)
}
