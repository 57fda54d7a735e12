// Everything that is checked besides the tests: one row each, run from the project's root.
import { existsSync } from 'node:fs'

const openApi = 'docs/api/openapi.json'

/** What is run, in order: a heading, and the arguments of Node. */
export const checks = [
  { name: 'format', args: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'] },
  { name: 'lint', args: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings', '.'] },
  { name: 'types', args: ['node_modules/typescript7/bin/tsc', '-p', 'tsconfig.check.json'] },
  {
    name: 'import law',
    args: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs', 'src'],
  },
  { name: 'unused code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'complete lock file', args: ['scripts/check-lock.mjs'] },
  {
    name: 'API description',
    args: ['node_modules/@redocly/cli/bin/cli.js', 'lint', '--format=stylish', openApi],
    if: existsSync(openApi),
  },
].filter((check) => check.if !== false)
