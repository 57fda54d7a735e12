import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { readConfig } from '#src/config.ts'
import { start } from '#src/main.ts'
import { aWorld } from '../world.ts'

const key = Buffer.alloc(32, 0x5a).toString('base64')
const password = 'a few words in a row'

/** What somebody throws. */
function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('K02 a key that is none', () => {
  test.each([
    ['one that is too short', Buffer.alloc(31, 1).toString('base64')],
    ['one that is too long', Buffer.alloc(33, 1).toString('base64')],
    ['one in hexadecimal', Buffer.alloc(32, 1).toString('hex')],
    ['a sentence that Node would read as base64', 'correct horse battery staple and some more wordsss'],
  ])('is refused: %s. It is not told, as it may be the right one with a slip of the pen', (_what, wrong) => {
    const error = thrownBy(() => readConfig({ TIDINGS_KEY: wrong }))

    expect(inspect(error)).toMatch(/TIDINGS_KEY is not what it should be; it should be 32 bytes in base64/)
    expect(inspect(error)).not.toContain(wrong)
  })

  test.each([
    ['was lost', (file: string) => rmSync(file)],
    ['was cut', (file: string) => writeFileSync(file, key.slice(0, 20))],
    ['is another', (file: string) => writeFileSync(file, key)],
  ])('keeps a store shut whose key file %s, and what to do is said without the key', async (_what, happen) => {
    const world = await aWorld()
    await world.stop()
    happen(join(world.folder, 'key'))

    const error = await start(readConfig({ TIDINGS_DATA: world.folder, TIDINGS_PORT: '0' })).catch(
      (one: unknown) => one,
    )

    expect(error).toMatchObject({ message: expect.stringMatching(/Put (that key|back the key)/) })
    expect(inspect(error, { depth: null })).not.toContain(key.slice(0, 20))
  })
})

test('K05 settings that are printed, whole or in part, show no secret', () => {
  const config = readConfig({ TIDINGS_KEY: key, TIDINGS_OPERATOR_PASSWORD: password })

  const printed = [inspect(config, { depth: null, showHidden: true }), JSON.stringify(config), String(config.key)]
  const asBytes = Buffer.from(key, 'base64').toString('hex').slice(0, 8)
  for (const text of printed) {
    expect(text).not.toContain(password)
    expect(text).not.toContain(key)
    expect(text.replaceAll(' ', '')).not.toContain(asBytes)
    expect(text).toContain('[secret]')
  }
  expect(config.key?.reveal().toString('base64')).toBe(key)
  expect(config.operatorPassword?.reveal()).toBe(password)
})
