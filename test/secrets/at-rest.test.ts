import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { minutes } from '#src/domain/time.ts'
import { nonceBytes } from '#src/domain/vault.ts'
import { openForReading, openForWriting } from '#src/store/sqlite/database.ts'
import { aSession } from '../access/session.ts'
import { aListener, aPerson, deliveryOf, invoicePaid, make } from '../people.ts'
import { aPatreonWebhook, aPlatform, ask, path } from '../spec/platform.ts'
import { aWorld, type World } from '../world.ts'

const clientsMade = 10
const canariesWanted = 50

test('K06 what is in the data folder has no secret in the clear, while the server runs and after it stopped', async () => {
  const world = await aWorld()
  const canaries = await secretsIn(world)
  const whileItRuns = bytesOf(world)
  const wal = statSync(join(world.folder, 'tidings.db-wal')).size
  await world.stop()
  const afterwards = bytesOf(world)

  expect(canaries.length).toBeGreaterThanOrEqual(canariesWanted)
  expect(wal).toBeGreaterThan(0)
  for (const bytes of [whileItRuns, afterwards]) {
    const found = canaries.filter((canary) => spellingsOf(canary).some((spelling) => bytes.includes(spelling)))
    expect(found).toEqual([])
    // What is no secret is there to be found.
    expect(bytes.includes('plain-canary')).toBe(true)
  }
})

test('K03 no two secrets in a store were sealed with the same nonce', async () => {
  const world = await aWorld()
  await secretsIn(world)

  const db = openForReading(join(world.folder, 'tidings.db'))
  const rows = db
    .prepare(
      `select secret_sealed as sealed from clients union all select secret_sealed from webhooks
       union all select standard_secret_sealed from webhooks union all select sealed from seals`,
    )
    .all() as { sealed: Uint8Array }[]
  db.close()
  const nonces = rows.map(({ sealed }) => Buffer.from(sealed.subarray(1, 1 + nonceBytes)).toString('hex'))

  expect(nonces.length).toBeGreaterThan(clientsMade * 3)
  expect(new Set(nonces).size).toBe(nonces.length)
})

describe('K01 K07 secrets that were put into another’s row', () => {
  test('sign nothing. The others are delivered, and what waits is delivered once they are back', async () => {
    const world = await aWorld()
    const listeners: Awaited<ReturnType<typeof aListener>>[] = []
    for (const tenant of ['acme', 'umbrella', 'initech'])
      listeners.push(await aListener(world, await world.aReceiver(), tenant))
    const [one, other] = listeners.map(({ webhook }) => webhook.id)
    const heard = () => listeners.map(({ receiver }) => receiver.received.length)

    await swapSecrets(world, one, other)
    const events = await Promise.all(listeners.map(({ tenant }) => invoicePaid(world, tenant)))
    await world.pass(minutes(3))
    const before = heard()
    const waiting = await deliveryOf(world, events[0]?.id ?? '')
    await swapSecrets(world, one, other)
    await world.pass(minutes(3))

    expect(before).toEqual([0, 0, 1])
    expect(waiting).toMatchObject({ status: 'due', attempts_made: 0 })
    expect(heard()).toEqual([1, 1, 1])
  })

  test('are not shown by Patreon’s list, which shows the others', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const [one, other, third] = [
      await aPatreonWebhook(platform, 'https://one.example.com/'),
      await aPatreonWebhook(platform, 'https://other.example.com/'),
      await aPatreonWebhook(platform, 'https://third.example.com/'),
    ]
    await swapSecrets(world, one.id, other.id)

    const { body } = await ask<{ attributes: Record<string, unknown> }[]>(
      world,
      'GET',
      `${path}?fields[webhook]=secret`,
      { as: token },
    )

    expect(body.data.map(({ attributes }) => attributes['secret'])).toEqual([null, null, third.attributes['secret']])
  })
})

/** Makes one of each kind of secret and ten of some, and gives them as people were told them. */
async function secretsIn(world: World): Promise<string[]> {
  const owner = await aPerson(world, 'cleo')
  await make(world, '/api/v1/triggers', { name: 'invoice:paid' })
  const { link } = await make<{ link: string }>(world, '/api/v1/accounts', {
    email: 'pat@example.test',
    full_name: 'P',
  })
  const unopened = await make<{ link: string }>(world, '/api/v1/accounts', { email: 'z@example.test', full_name: 'Z' })
  const session = await aSession(world, link)
  const secrets = [owner.key, tail(link), tail(unopened.link), session.cookie.split('=')[1] ?? '', session.csrf]
  for (let count = 0; count < clientsMade; count += 1) {
    const wish = { name: 'plain-canary', redirect_uris: ['https://app.example/'], account_id: owner.id }
    const client = await make<Record<string, string> & { id: string }>(world, '/api/v1/clients', wish)
    const hook = { client_id: client.id, uri: 'https://example.com/', triggers: ['invoice:paid'] }
    const webhook = await make<Record<string, string>>(world, '/api/v1/webhooks', hook)
    for (const name of ['client_secret', 'creator_access_token', 'creator_refresh_token'])
      secrets.push(client[name] ?? '')
    for (const name of ['secret', 'standard_secret']) secrets.push(webhook[name] ?? '')
  }
  return secrets.map((secret) => {
    if (secret.length < 20) throw new Error(`"${secret}" is no secret`)
    return secret
  })
}

const tail = (link: string): string => link.split('/').at(-1) ?? ''

/** Everything in the folder but the two files that are there to hold a key. */
function bytesOf({ folder }: World): Buffer {
  const names = readdirSync(folder).filter((name) => name !== 'key' && name !== 'operator-key')
  return Buffer.concat(names.map((name) => readFileSync(join(folder, name))))
}

/** As it was told, as the bytes behind it, and as somebody might encode it. */
function spellingsOf(secret: string): Buffer[] {
  const bytes = Buffer.from(secret)
  const behind = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return [bytes, behind, Buffer.from(bytes.toString('hex')), Buffer.from(bytes.toString('base64').slice(0, -4))]
}

async function swapSecrets(world: World, one = '', other = ''): Promise<void> {
  await world.stop()
  const db = openForWriting(join(world.folder, 'tidings.db'))
  const read = db.prepare(
    'select secret_sealed as secret, standard_secret_sealed as standard from webhooks where id = ?',
  )
  const write = db.prepare('update webhooks set secret_sealed = ?, standard_secret_sealed = ? where id = ?')
  const [ones, others] = [one, other].map((id) => read.get(Number(id)) as Record<'secret' | 'standard', Uint8Array>)
  if (ones === undefined || others === undefined) throw new Error('there is no such webhook')
  write.run(others.secret, others.standard, Number(one))
  write.run(ones.secret, ones.standard, Number(other))
  db.close()
  await world.start()
}
