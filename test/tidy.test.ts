// The rules that this project holds itself to, as far as a machine can see them. Format, lint, the import law and
// unused code have tools of their own, which `npm test` runs before this.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { settings } from '#src/config.ts'
import { httpStatusOf } from '#src/domain/refusal.ts'

const fileLimitLines = 300
const functionLimitLines = 50

// What is ignored by git is generated or somebody else's.
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(file))

const code = files.filter(
  (file) => /^(src|test|clients|bench|scripts)\//.test(file) && !/\.(json|md|typed)$/.test(file),
)
const scripts = files.filter((file) => /\.[cm]?[jt]s$/.test(file))
const sources = scripts.filter((file) => file.startsWith('src/'))
const pages = files.filter((file) => file.endsWith('.md'))
const read = (file: string): string => readFileSync(file, 'utf8')

test('no file is longer than 300 lines', () => {
  const long = code.filter((file) => read(file).trimEnd().split('\n').length > fileLimitLines)

  expect(long).toEqual([])
})

test('no function is longer than 50 lines', () => {
  const long = code.filter((file) => scripts.includes(file)).flatMap((file) => placesOf(file, isTooLong))

  expect(long).toEqual([])
})

test('no file and no folder is a place for anything', () => {
  const anything = /(^|\/)(utils?|helpers?|common|shared|misc|libs?|managers?|base|types?)(\.|\/)/

  expect(scripts.filter((file) => anything.test(file))).toEqual([])
})

test('time, chance, the environment and the network come in through one door each', () => {
  const doors: Record<string, RegExp> = {
    'Date.now': /^src\/clock\.ts$/,
    'new Date()': /^src\/clock\.ts$/,
    'performance.now': /^src\/clock\.ts$/,
    'Math.random': /^src\/clock\.ts$/,
    randomUUID: /^src\/clock\.ts$/,
    // A socket's own bound on silence is Node's server's, too.
    setTimeout: /^src\/(clock|http\/short-way)\.ts$/,
    setInterval: /^src\/clock\.ts$/,
    'process.env': /^src\/(main|cli\/cli)\.ts$/,
    fetch: /^src\/cli\//,
  }
  const isElsewhere = (node: ts.Node): boolean => {
    const isName = ts.isIdentifier(node) || ts.isPropertyAccessExpression(node) || ts.isNewExpression(node)
    const text = isName ? node.getText() : ''
    return Object.hasOwn(doors, text) && doors[text]?.test(node.getSourceFile().fileName) === false
  }

  expect(sources.flatMap((file) => placesOf(file, isElsewhere))).toEqual([])
})

test('each thing has one word, and nothing in src is called by another', () => {
  const others = new Set(
    'ack broker bus channel consumer exception helper integration job manager notification processor repo repository resend subscription task topic util'
      .split(' ')
      .flatMap((word) => [word, `${word}s`]),
  )
  const isOther = (node: ts.Node): boolean =>
    ts.isIdentifier(node) && node.text.split(/(?=[A-Z])|_/).some((word) => others.has(word.toLowerCase()))

  expect(sources.flatMap((file) => placesOf(file, isOther))).toEqual([])
})

test('nothing is left to do, nothing is commented out, and no path of one machine is named', () => {
  const traces = [
    /\b(TO[D]O|FIX[M]E|X[X]X)\b/,
    /^\s*\/\/ (const \w+ =|let \w+|import .* from|export (const|function)|await |return \w+[.(]|if \(|\}|[\w.]+\(.*\)$)/,
    /(^|[\s'"`(=])\/(work|home|root|Users)\//,
  ]
  const lines = files
    .filter((file) => file !== 'package-lock.json')
    .flatMap((file) =>
      read(file)
        .split('\n')
        .map((line, index) => ({ line, place: `${file}:${index + 1}` })),
    )

  expect(lines.filter(({ line }) => traces.some((trace) => trace.test(line))).map(({ place }) => place)).toEqual([])
})

test('every setting is in the manual, as the server reads it', () => {
  const page = read('docs/settings.md')

  expect(Object.keys(settings).filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([])
  execFileSync(process.execPath, ['scripts/docs.mjs', '--check'])
})

test('every refusal is in the manual with its status, and no other is', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)]

  expect(Object.fromEntries(rows.map(([, refusal, status]) => [refusal, Number(status)]))).toEqual({ ...httpStatusOf })
})

test('every link between the pages leads somewhere', () => {
  const dead = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)#\s]+)(#[^)\s]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)))
      .map((target) => `${page} → ${target}`),
  )

  expect(dead).toEqual([])
})

/** Where in a file there is such a thing, as `file:line`. */
function placesOf(file: string, isSuch: (node: ts.Node) => boolean): string[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true)
  const places: string[] = []
  const visit = (node: ts.Node): void => {
    if (isSuch(node)) places.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return places
}

/** A `describe` block holds functions and is none: its lines are not counted, not for a suite around it either. */
function isTooLong(node: ts.Node): boolean {
  if (!ts.isFunctionLike(node) || isDescribe(node.parent)) return false
  return linesOf(node) - linesOfDescribes(node) > functionLimitLines
}

function linesOfDescribes(node: ts.Node): number {
  let lines = 0
  ts.forEachChild(node, (child) => {
    lines += isDescribe(child) ? linesOf(child) : linesOfDescribes(child)
  })
  return lines
}

const isDescribe = (node: ts.Node): boolean =>
  ts.isCallExpression(node) && /^describe\b/.test(node.expression.getText())

const linesOf = (node: ts.Node): number => node.getText().split('\n').length
