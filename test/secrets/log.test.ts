import { execFileSync, spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** A line break that would begin another line, a quote that would end a text, and what terminals obey. */
const hostile = [
  'a\r\n{"level":60,"message":"forged"}',
  '"},"admin":true,{"',
  '\u001b[2J\u001b]0;owned\u0007',
  '\u001b]52;c;cm0gLXJm\u0007',
  '\u009b31m',
  '\u202egnp.exe\u2066',
  '\u2028\u2029\u0085',
  '\ud800 alone',
  'nul \u0000 del \u007f',
]

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const obeyed = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/

/** Half a letter can't be written in UTF-8: a replacement stands for it. */
const asUtf8 = (text: string): string => Buffer.from(text).toString()

test('T22 whatever a line of the log tells of, it is one line of JSON that no terminal obeys', () => {
  const program = `
    import { errorFields, logTo } from '#src/log.ts'
    const log = logTo('debug')
    for (const text of JSON.parse(process.argv[1])) {
      log.info({ uri: text, deep: { [text]: [text] }, ...errorFields(new Error(text)) }, text)
    }`
  const args = ['--input-type=module', '-e', program, JSON.stringify(hostile)]

  const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })

  const lines = stderr.trimEnd().split('\n')
  expect(status).toBe(0)
  expect(lines.filter((line) => obeyed.test(line))).toEqual([])
  expect(lines.map((line) => (JSON.parse(line) as { uri: string }).uri)).toEqual(hostile.map(asUtf8))
})

test('K05 a start that fails tells of no secret on the way out', () => {
  const key = Buffer.alloc(31, 0x5a).toString('base64')
  const env = { PATH: process.env['PATH'] ?? '', TIDINGS_KEY: key, TIDINGS_OPERATOR_PASSWORD: 'a few words' }

  const { stdout, stderr, status } = spawnSync(process.execPath, ['bin/tidings.js', 'serve'], { env, encoding: 'utf8' })

  expect(status).not.toBe(0)
  expect(stderr).toContain('TIDINGS_KEY')
  expect(stdout + stderr).not.toContain(key)
  expect(stdout + stderr).not.toContain('a few words')
  expect(execFileSync(process.execPath, ['bin/tidings.js', '--help'], { env, encoding: 'utf8' })).not.toContain(key)
})
