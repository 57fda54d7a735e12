import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { test } from 'vitest'

test('docs/api/openapi.json is what the server says of itself', () => {
  const script = fileURLToPath(new URL('../../scripts/openapi.mjs', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })

  assert.equal(status, 0, stderr)
})
