import { createHmac } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { languages, run } from './languages.ts'
import { startStub } from './stub-server.ts'

const kittn = '../../clients/shell/kittn'
const body = '{"id":1}'
const secret = 'a-secret-of-the-test'
const key = Buffer.alloc(32, 7)
const whsec = `whsec_${key.toString('base64')}`
const signature = createHmac('md5', secret).update(body).digest('hex')

/** Headers as of a delivery that was signed at this time. */
function signedAt(timestamp: number) {
  const signed = createHmac('sha256', key).update(`evt_1~a:b.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': 'evt_1~a:b', 'webhook-timestamp': `${timestamp}`, 'webhook-signature': `v1,${signed}` }
}

test.each(['ruby', 'python3', 'curl', 'openssl'])(
  '%s is installed, because its client is never left untested',
  async (command) => {
    const { exitCode } = await run(command, [command === 'openssl' ? 'version' : '--version'])

    expect(exitCode).toBe(0)
  },
)

describe('the shell script', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kittn-'))
    // Stand before the real programs on the PATH and note down what other users of the machine would see.
    for (const program of ['curl', 'openssl', 'grep', 'awk', 'sed']) {
      const path = (await run('sh', ['-c', `command -v ${program}`])).out.trim()
      await writeFile(join(folder, program), `#!/bin/sh\necho "${program} $*" >>'${folder}/seen'\nexec ${path} "$@"\n`)
      await chmod(join(folder, program), 0o755)
    }
    await writeFile(
      join(folder, 'headers'),
      Object.entries({ ...signedAt(1_700_000_000), 'X-Patreon-Event': 'a:b', 'X-Patreon-Signature': signature })
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join(''),
    )
  })
  afterAll(async () => rm(folder, { recursive: true }))

  const watched = () => ({ PATH: `${folder}:${process.env['PATH']}` })

  test('shows no API key on a command line, where every user of the machine could read it', async () => {
    const stub = await startStub([{ json: [] }])
    const environment = { ...watched(), KITTN_API_KEY: 'meow-the-key', KITTN_API_URL: `${stub.url}/0/api` }
    const { out } = await run('sh', [kittn, 'get'], { environment })
    const seen = await readFile(join(folder, 'seen'), 'utf8')
    await stub.close()

    expect(out).toBe('[]\n')
    expect(seen).toContain('/0/api/kittens')
    expect(seen).not.toContain('meow-the-key')
  })

  test('shows no secret on a command line either', async () => {
    const environment = { ...watched(), KITTN_SECRET: secret, KITTN_WHSEC: whsec }
    const words = [kittn, 'verify', '--now', '1700000000', join(folder, 'headers')]
    const { out } = await run('sh', words, { environment, input: body })
    const seen = await readFile(join(folder, 'seen'), 'utf8')

    expect(JSON.parse(out)).toEqual({ id: 'evt_1', trigger: 'a:b', timestamp: 1_700_000_000 })
    expect(seen).toContain('openssl dgst')
    for (const hidden of [secret, whsec, key.toString('base64'), key.toString('hex')])
      expect(seen).not.toContain(hidden)
  })

  test('takes a star in a signature for a star, not for the files of the folder it stands in', async () => {
    // A file's name cannot have a slash, so a time is looked for whose signature has none.
    const times = Array.from({ length: 100 }, (_, seconds) => signedAt(1_700_000_000 + seconds))
    const headers = times.find((candidate) => !candidate['webhook-signature'].includes('/'))
    await writeFile(join(folder, headers?.['webhook-signature'] ?? ''), '')
    const lines = Object.entries({ ...headers, 'webhook-signature': 'v1,*' }).map(
      ([name, value]) => `${name}: ${value}`,
    )
    await writeFile(join(folder, 'starred'), `${lines.join('\n')}\n`)

    const script = `kittn="$PWD/${kittn}" && cd ${folder} && "$kittn" verify --now 1700000000 starred`
    const { err } = await run('sh', ['-c', script], { environment: { KITTN_WHSEC: whsec }, input: body })

    expect(err).toContain('signature_malformed')
  })

  test('works through a symbolic link, as from a bin folder', async () => {
    const { out } = await run('sh', ['-c', `ln -s "$PWD/${kittn}" ${folder}/kittn && ${folder}/kittn help`])

    expect(out).toContain('kittn verify')
  })

  test.each([['no-such-command'], ['get', '1', '2'], ['delete'], ['verify'], ['verify', '/nowhere/headers']])(
    'called wrongly it ends with 2: %s %s',
    async (...words) => {
      const { exitCode, err } = await run('sh', [kittn, ...words.map(String)], {
        environment: { KITTN_SECRET: secret, KITTN_API_KEY: 'meow' },
      })

      expect(err).toMatch(/^kittn: .+\.\n$/)
      expect(exitCode).toBe(2)
    },
  )
})

describe('verify in Python', () => {
  test('takes the headers of ASGI, of the standard library and of a multi-dict', async () => {
    const input = `
import kittn
from email.message import Message

pairs = [("X-Patreon-Event", "a:b"), ("X-Patreon-Signature", "${signature}")]
message = Message()
for name, value in pairs:
    message[name] = value
for headers in (pairs, [(name.lower().encode(), value.encode()) for name, value in pairs], message, dict(pairs)):
    print(kittn.verify(b'${body}', headers, secret="${secret}").trigger)
message["X-Patreon-Signature"] = "${signature}"
try:
    kittn.verify(b'${body}', message, secret="${secret}")
except kittn.WebhookVerificationError as error:
    print(error.code)
try:
    kittn.verify('${body}', pairs, secret="${secret}")
except kittn.WebhookVerificationError as error:
    print(error.code)
`
    const { out, err } = await run('python3', ['-'], { input })

    expect(err).toBe('')
    expect(out.trim().split('\n')).toEqual([...Array(4).fill('a:b'), 'signature_malformed', 'body_not_bytes'])
  })
})

describe('verify in Ruby', () => {
  test('takes a Hash with symbols and lists, as well as pairs', async () => {
    const input = `
require 'kittn'

pairs = [['X-Patreon-Event', 'a:b'], ['X-Patreon-Signature', '${signature}']]
[pairs, pairs.to_h, pairs.to_h.transform_keys(&:to_sym), pairs.to_h.transform_values { |value| [value] }].each do |headers|
  puts Kittn.verify('${body}', headers, secret: '${secret}').trigger
end`
    const { out, err } = await run('ruby', ['-w', '-'], { input })

    expect(err).toBe('')
    expect(out).toBe('a:b\n'.repeat(4))
  })

  test('shows no API key when an api is inspected', async () => {
    const input = "require 'kittn'; p Kittn::APIClient.authorize!('meow-the-key')"
    const { out } = await run('ruby', ['-w', '-'], { input })

    expect(out).toContain('Kittn::APIClient')
    expect(out).not.toContain('meow-the-key')
  })
})

describe('the present is the default of now', () => {
  const present = Math.floor(Date.now() / 1000)

  test.each([
    ['a fresh signature', present, 'evt_1\n'],
    ['a signature an hour old', present - 3600, 'timestamp_outside_tolerance\n'],
  ])('in Python and Ruby, for %s', async (_, timestamp, expected) => {
    const headers = JSON.stringify(signedAt(timestamp))
    const python = `import json, kittn\ntry:\n  print(kittn.verify(b'${body}', json.loads('${headers}'), whsec="${whsec}").id)\nexcept kittn.WebhookVerificationError as error:\n  print(error.code)`
    const ruby = `require 'kittn'\nbegin\n  puts Kittn.verify('${body}', JSON.parse('${headers}'), whsec: '${whsec}').id\nrescue Kittn::WebhookVerificationError => e\n  puts e.code\nend`

    expect((await run(languages.python.command, ['-'], { input: python })).out).toBe(expected)
    expect((await run(languages.ruby.command, ['-'], { input: ruby })).out).toBe(expected)
  })
})
