import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createPlainServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { aPlace, type Running, urlIn } from './command-line.ts'

/** What a hostile receiver answers: it clears the screen, retitles the window, and turns the reading direction. */
const hostile = 'fine\u001b[2J\u001b]0;owned\u0007\u009b31m \u202egnp.exe\r\nsecond line'

let place: Awaited<ReturnType<typeof aPlace>>
let server: Running
let url: string

beforeAll(async () => {
  place = await aPlace({ TIDINGS_PORT: '0', TIDINGS_ALLOW_PRIVATE: '127.0.0.0/8', TIDINGS_LOG: 'error' })
  server = place.start(['serve'])
  url = urlIn(await server.line('listens on'))
})
afterAll(() => place.leave())

const tidings = (...args: string[]) => place.run(args, { TIDINGS_URL: url })

/** The answer of a command that must succeed, as the API gave it. */
async function json<Answer>(...args: string[]): Promise<Answer> {
  const { code, out, err } = await tidings(...args, '--json')
  assert.equal(code, 0, err)
  return JSON.parse(out) as Answer
}

/** Asks until a delivery is as expected: settling takes a moment. */
async function shownDelivery(id: string, expected: RegExp): Promise<string> {
  for (;;) {
    const { out } = await tidings('deliveries', 'show', id)
    if (expected.test(out)) return out
  }
}

async function aReceiver(answer: { status: number; body: string }) {
  const heard: { trigger: string; body: string }[] = []
  const receiver = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += String(chunk)
    })
    request.on('end', () => {
      heard.push({ trigger: String(request.headers['x-patreon-event']), body })
      response.writeHead(answer.status, { 'X-Evil': 'a\u009bb' }).end(answer.body)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => receiver.once('listening', resolve))
  const { port } = receiver.address() as AddressInfo
  return { uri: `http://127.0.0.1:${port}/hooks`, heard, close: () => receiver.close() }
}

describe('a developer with nothing but the command line', () => {
  test('registers a client and a webhook, tests it, reads what came of it, and delivers it again', async () => {
    const receiver = await aReceiver({ status: 200, body: 'thanks' })
    const client = await json<{ id: string; client_secret: string }>('clients', 'register', 'My bot')
    const webhook = await json<{ id: string }>(
      ...['webhooks', 'register', receiver.uri, '--client', client.id, '--trigger', 'pledges:create,pledges:update'],
    )

    const test = await json<{ delivery_id: string }>('webhooks', 'test', webhook.id, '--trigger', 'pledges:create')
    const shown = await shownDelivery(test.delivery_id, /status +delivered/)
    assert.match(shown, /The receiver accepted it \(200\)\./)
    assert.match(shown, /^ {2}thanks$/m)

    assert.equal((await tidings('deliveries', 'redeliver', test.delivery_id)).code, 0)
    await shownDelivery(test.delivery_id, /attempts +2/)
    assert.deepEqual(
      receiver.heard.map(({ trigger }) => trigger),
      ['pledges:create', 'pledges:create'],
    )
    const list = await tidings('deliveries', 'list', '--webhook', webhook.id)
    assert.match(list.out, new RegExp(`^${test.delivery_id} +pledges:create +${webhook.id} +delivered +2 `, 'm'))
    assert.equal((await tidings('webhooks', 'deliveries', webhook.id)).out, list.out)
    receiver.close()
  })

  test('pauses a webhook, so that events are held, and resumes it, so that they arrive', async () => {
    const receiver = await aReceiver({ status: 200, body: '' })
    const client = await json<{ id: string }>('clients', 'register', 'A bot with a rest')
    await tidings('clients', 'grant', client.id, 'kittens')
    const webhook = await json<{ id: string }>(
      ...['webhooks', 'register', receiver.uri, '--client', client.id, '--trigger', 'kittens:create'],
    )

    assert.match((await tidings('webhooks', 'pause', webhook.id)).out, /is paused/)
    await tidings('kittens', 'create', 'Pip', '--fluffiness', '6', '--cuteness', '9')
    const held = async () => (await tidings('webhooks', 'show', webhook.id)).out
    while (!(await held()).includes('0 due, 1 held'));
    assert.match(await held(), /state +paused \(asked\)/)
    assert.equal(receiver.heard.length, 0)

    assert.match((await tidings('webhooks', 'resume', webhook.id)).out, /is resumed/)
    while (receiver.heard.length === 0) await held()
    assert.match(receiver.heard[0]?.body ?? '', /"name":"Pip"/)
    receiver.close()
  })

  test('makes a campaign and tiers, pledges, edits and cancels', async () => {
    const creator = await json<{ id: string; link: string }>(
      ...['accounts', 'open', 'kim@example.com', '--full-name', 'Kim Reyes'],
    )
    const campaign = await json<{ id: string }>(
      ...['campaigns', 'create', 'kim', '--creation-name', 'tiny synthesizers', '--creator', creator.id],
    )
    const tier = await json<{ id: string }>('campaigns', 'add-tier', campaign.id, 'Beep', '--amount-cents', '300')
    const pledge = await json<{ id: string }>(
      ...['pledges', 'create', campaign.id, '--amount-cents', '300', '--tier', tier.id],
    )
    assert.match((await tidings('campaigns', 'show', campaign.id)).out, /Beep +\$3\.00 +1/)

    const edited = await json<{ id: string }>('pledges', 'edit', pledge.id, '--amount-cents', '500')
    assert.match((await tidings('pledges', 'list', campaign.id)).out, new RegExp(`^${edited.id} .*\\$5\\.00`, 'm'))
    assert.match((await tidings('pledges', 'cancel', edited.id)).out, /ended/)
    assert.match((await tidings('events', 'list', '--trigger', 'pledges:delete')).out, /campaign:\d+ +pledges:delete/)
    assert.match(creator.link, /\/welcome\//)
    assert.match((await tidings('accounts', 'link', creator.id)).out, new RegExp(`${url}/welcome/`))
  })

  test('publishes events with bodies of exactly the bytes that were given', async () => {
    const receiver = await aReceiver({ status: 200, body: '' })
    await tidings('triggers', 'register', 'invoice:paid', '--description', 'An invoice was paid.')
    const client = await json<{ id: string }>('clients', 'register', 'Books')
    await tidings('clients', 'grant', client.id, 'acme')
    await tidings('webhooks', 'register', receiver.uri, '--client', client.id, '--trigger', 'invoice:paid')
    const publish = ['events', 'publish', '--tenant', 'acme', '--trigger', 'invoice:paid']
    const batch = join(place.folder, 'events.ndjson')
    await writeFile(batch, '{"tenant":"acme","trigger":"invoice:paid","body":4}\n')

    await tidings(...publish, '--body', '{"b": 1.50, "a": "\\u00e9"}')
    await place.run(publish, { TIDINGS_URL: url }, '{ "from": "stdin" }')
    assert.match((await tidings('events', 'publish', '--batch', batch)).out, /accepted/)
    const isSettled = async () =>
      (await tidings('deliveries', 'list', '--limit', '3')).out.match(/delivered/g)?.length === 3
    while (receiver.heard.length < 3 || !(await isSettled()));
    const bodies = receiver.heard.map(({ body }) => body).sort()
    assert.deepEqual(bodies, ['4', '{ "from": "stdin" }', '{"b": 1.50, "a": "\\u00e9"}'].sort())
    receiver.close()
  })
})

describe('what comes from outside', () => {
  test('a receiver’s answer can’t command the terminal', async () => {
    const receiver = await aReceiver({ status: 500, body: hostile })
    const client = await json<{ id: string }>('clients', 'register', 'Evil \u001b[2J\u202ebot')
    const webhook = await json<{ id: string }>(
      ...['webhooks', 'register', receiver.uri, '--client', client.id, '--trigger', 'pledges:create'],
    )
    const { delivery_id } = await json<{ delivery_id: string }>(
      ...['webhooks', 'test', webhook.id, '--trigger', 'pledges:create'],
    )
    const shown = await shownDelivery(delivery_id, /answered 500/)

    assert.match(shown, /^ {2}fine\\x1b\[2J\\x1b\]0;owned\\x07.*\n {2}second line$/m)
    const whole = await tidings('deliveries', 'show', delivery_id, '--json')
    const clients = await tidings('clients', 'list')
    for (const text of [shown, whole.out, clients.out]) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    }
    const parsed = JSON.parse(whole.out) as { attempts: { answer: { body: string } }[] }
    assert.equal(parsed.attempts[0]?.answer.body, hostile)
    receiver.close()
  })
})

describe('what goes wrong is said in words', () => {
  test('a refusal says what was wrong, with which field, and what would be right', async () => {
    const client = await json<{ id: string }>('clients', 'register', 'Lost')
    const { code, err, out } = await tidings(
      ...['webhooks', 'register', 'http://10.1.2.3/', '--client', client.id, '--trigger', 'pledges:create'],
    )

    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, /^Refused: The address 10\.1\.2\.3 is in a network/)
    assert.match(err, /^ {2}field +uri\n {2}expected +a public address/m)
  })

  test('with --json a refusal is the API’s JSON, on standard error', async () => {
    const { code, out, err } = await tidings('kittens', 'show', '4711', '--json')

    assert.equal(code, 1)
    assert.equal(out, '')
    assert.equal((JSON.parse(err) as { error: { code: string } }).error.code, 'kitten_not_found')
  })

  test('a wrong key, and none, say where the key was looked for', async () => {
    const wrong = await place.run(['clients', 'list'], { TIDINGS_URL: url, TIDINGS_API_KEY: 'nonsense' })
    assert.equal(wrong.code, 1)
    assert.match(wrong.err, /no such API key.*\n[^]*the one in TIDINGS_API_KEY/)
    const none = await place.run(['clients', 'list'], { TIDINGS_URL: url, TIDINGS_DATA: join(place.folder, 'nothing') })
    assert.match(none.err, /needs an API key.*\n[^]*operator-key is not there/)
  })

  test('where no server is, it says how to start one', async () => {
    const { code, err } = await place.run(['clients', 'list'], { TIDINGS_PORT: '1' })

    assert.equal(code, 1)
    assert.match(err, /No Tidings answers at http:\/\/127\.0\.0\.1:1 /)
    assert.match(err, /tidings serve/)
  })

  test.each([
    [['nonsense'], /unknown command/],
    [['clients', 'show'], /missing required argument 'id'/],
    [['keys', 'make', 'x'], /--scope/],
    [['deliveries', 'list', '--status', 'lost'], /Allowed choices are due, held/],
    [['pledges', 'create', '1', '--amount-cents', '3.50'], /whole number/],
    [['events', 'publish', '--body', '{}'], /--tenant and --trigger/],
  ])('%j can’t be meant, and ends with exit code 2', async (args, expected) => {
    const { code, out, err } = await tidings(...args)

    assert.equal(code, 2)
    assert.equal(out, '')
    assert.match(err, expected)
  })

  test('wrong settings are told all together', async () => {
    const wrong = { TIDINGS_PORT: 'http', TIDINGS_LOG: 'loud', TIDINGS_HOTS: 'localhost' }
    const { code, err } = await place.run(['serve'], wrong)

    assert.equal(code, 2)
    assert.match(
      err,
      /TIDINGS_PORT is "http".*\nTIDINGS_LOG is "loud".*\nTIDINGS_HOTS is not a setting of Tidings\.\n$/,
    )
  })

  test('a port that is taken, and a folder that is in use, take one sentence and no stack', async () => {
    const other = createPlainServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const elsewhere = { TIDINGS_DATA: join(place.folder, 'other'), TIDINGS_PORT: String(port) }

    const taken = await place.run(['serve'], elsewhere)
    assert.equal(taken.code, 1)
    assert.match(taken.err, new RegExp(`^Port ${port} of 127\\.0\\.0\\.1 is taken by another program\\..*\n$`))
    const locked = await place.run(['serve'])
    assert.equal(locked.code, 1)
    assert.match(locked.err, /^Another Tidings has .* open\. Stop it first, or choose another folder.*\n$/)
    other.close()
  })
})

describe('tidings serve', () => {
  test('prints the operator’s link with the real port, and only once', async () => {
    assert.equal(urlIn(await server.line('/welcome/')).startsWith(`${url}/welcome/`), true)
  })

  test('lists every setting in its help, within 80 columns', async () => {
    const { code, out } = await place.run(['serve', '--help'])

    assert.equal(code, 0)
    assert.match(out, /TIDINGS_ALLOW_PRIVATE +networks that receivers may be in/)
  })

  test('a second signal ends it at once, even while a receiver keeps it waiting', async () => {
    const receiver = createPlainServer((socket) => socket.on('error', () => {}))
    receiver.listen(0, '127.0.0.1')
    const connected = new Promise((resolve) => receiver.once('connection', resolve))
    const impatient = place.start(['serve'], { TIDINGS_DATA: join(place.folder, 'impatient') })
    const impatientUrl = urlIn(await impatient.line('listens on'))
    const more = { TIDINGS_URL: impatientUrl, TIDINGS_DATA: join(place.folder, 'impatient') }
    await place.run(['clients', 'register', 'Slow'], more)
    const uri = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
    await place.run(['webhooks', 'register', uri, '--client', '1', '--trigger', 'pledges:create'], more)
    await place.run(['webhooks', 'test', '1', '--trigger', 'pledges:create'], more)
    await connected

    const exited = new Promise((resolve) => impatient.child.once('exit', resolve))
    impatient.child.kill('SIGINT')
    await impatient.line('Stopping')
    // Somebody hammers on Ctrl-C; the first blows are taken for echoes.
    while (impatient.child.exitCode === null) {
      impatient.child.kill('SIGINT')
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.equal(await exited, 1)
    receiver.close()
  })

  test('says its version', async () => {
    assert.match((await place.run(['--version'])).out, /^tidings \d+\.\d+\.\d+\n$/)
  })
})
