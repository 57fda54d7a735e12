import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Language, languages, linesOf, run, vectorsFolder } from './languages.ts'

type Case = {
  name: string
  secret?: string | number | null
  whsec?: string | null
  without?: string[]
  expect: { error: string } | { data: unknown; [part: string]: unknown }
}

const file = `${vectorsFolder}verify.json`
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[]
const codes = JSON.parse(readFileSync(`${vectorsFolder}codes.json`, 'utf8')) as Record<
  'kittn' | 'verification',
  string[]
>

// The shell starts several programs for each case, on whatever machine this is.
const runnerLimit = { timeout: 120_000 }

function expectedOf(given: Case, language: Language): unknown {
  if (language.id !== 'shell' || 'error' in given.expect) return given.expect
  // In the shell the body stays a file.
  const { data, ...expected } = given.expect
  return expected
}

describe.each(Object.values<Language>(languages))('a received webhook in $name', (language) => {
  // Run once, by the test that comes first.
  let running: ReturnType<typeof linesOf> | undefined
  const lines = () => (running ??= linesOf(language, 'verify', file))

  for (const given of cases.filter(({ without = [] }) => !without.includes(language.id))) {
    test(given.name, runnerLimit, async () => {
      const line = (await lines()).get(given.name)

      expect(line?.got).toEqual(expectedOf(given, language))
      expect(line?.ok).toBe(true)
    })
  }

  test('every refusal says in a sentence what is wrong, and shows no key', runnerLimit, async () => {
    for (const { name, secret, whsec, expect: expected } of cases) {
      const line = (await lines()).get(name)
      if (line === undefined || !('error' in expected)) continue

      expect(line.message, name).toMatch(/^.{20,}\.$/)
      for (const key of [secret, whsec]) {
        if (typeof key === 'string' && key.trim().length > 8) expect(line.message, name).not.toContain(key)
      }
    }
  })
})

describe('the codes of a refusal', () => {
  test.each(codes.verification)('%s has a case that every language must refuse with it', (code) => {
    const expected = cases.map((given) => JSON.stringify(given.expect))

    expect(expected.some((text) => text.includes(`"error":"${code}"`))).toBe(true)
  })

  test('no case expects a code outside the list', () => {
    const used = cases.flatMap((given) => ('error' in given.expect ? [String(given.expect.error)] : []))

    expect(used.filter((code) => ![...codes.verification, 'programming_error'].includes(code))).toEqual([])
  })

  test.each([languages.javascript, languages.python, languages.ruby])(
    'are the same list in $name',
    async (language) => {
      const { out } = await run(language.command, [...language.runner, 'codes'])

      expect(JSON.parse(out)).toEqual(codes)
    },
  )
})
