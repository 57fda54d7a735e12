// The titles of all tests, as an indented list: what the product promises, in sentences.
import { execFileSync } from 'node:child_process'
import { relative } from 'node:path'

/** Prints the specification; what the product does for its users comes first. */
export function printSpecification(vitest, filters) {
  const options = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] }
  const tests = JSON.parse(execFileSync(process.execPath, [vitest, 'list', ...filters, '--json'], options))
  let above = []
  for (const { file, name } of tests.sort(bySpecificationFirst)) {
    const path = [relative('.', file), ...name.split(' > ')]
    const known = path.findIndex((part, depth) => part !== above[depth])
    for (const [depth, part] of path.entries()) if (depth >= known) console.log(`${'  '.repeat(depth)}${part}`)
    above = path
  }
}

function bySpecificationFirst(one, other) {
  return rank(one) - rank(other) || one.file.localeCompare(other.file)
}

const rank = ({ file }) => (file.includes('/test/spec/') ? 0 : 1)
