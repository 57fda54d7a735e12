import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Language, languages, linesOf, vectorsFolder } from './languages.ts'
import { type CannedAnswer, startStub } from './stub-server.ts'

type Case = {
  name: string
  without?: string[]
  message?: string
  answer: CannedAnswer | null
  request: { method: string; path: string } | null
  expect: { result: unknown } | { error: unknown }
}

const file = `${vectorsFolder}kittens.json`
const cases = JSON.parse(readFileSync(file, 'utf8')) as Case[]

const runnerLimit = { timeout: 120_000 }

async function playedThrough(language: Language) {
  const stub = await startStub(cases.map(({ answer }) => answer))
  try {
    return { lines: await linesOf(language, 'kittens', file, stub.url, stub.refusedUrl), stub }
  } finally {
    await stub.close()
  }
}

describe.each(Object.values<Language>(languages))('the kittens in $name', (language) => {
  // Run once, by the test that comes first.
  let playing: ReturnType<typeof playedThrough> | undefined
  const played = () => (playing ??= playedThrough(language))

  for (const [index, given] of cases.entries()) {
    if (given.without?.includes(language.id) === true) continue

    test(given.name, runnerLimit, async () => {
      const { lines, stub } = await played()
      const line = lines.get(given.name)

      const requests = given.request && [
        { ...given.request, authorization: 'meowmeowmeow', accept: 'application/json' },
      ]
      expect(stub.requests.get(index) ?? null).toEqual(requests)
      expect(line?.got).toEqual(given.expect)
      expect(line?.ok).toBe(true)
      if (given.message !== undefined) expect(line?.message).toBe(given.message)
      if ('error' in given.expect) expect(line?.message).toMatch(/^\S.{7,}\.$/)
    })
  }

  test('no request, and so no API key, reaches the host that a redirect points to', runnerLimit, async () => {
    const { stub } = await played()

    expect(stub.strayRequests()).toBe(0)
  })

  test('no error message shows the API key', runnerLimit, async () => {
    const { lines } = await played()

    expect([...lines.values()].filter(({ message }) => message?.includes('meowmeowmeow') === true)).toEqual([])
  })
})
