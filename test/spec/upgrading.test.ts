/** What somebody finds who starts this server on the data of an older one. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Migration, Migrator } from 'kysely'
import { expect, test } from 'vitest'
import { migrations } from '#src/store/migrations/migrations.ts'
import { type Database, kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'
import { make } from '../people.ts'
import { aWorld, type World } from '../world.ts'

type Member = Record<string, unknown> & { id: string; account_id: string }

const at = (text: string) => Date.parse(`${text}Z`)

/** Two campaigns of one creator, and pledges of 2, who edited once, 3, who is declined, 4 and 5, who left. */
const beginning = (db: Database): void => {
  const account = db.prepare(`insert into accounts (email, full_name, role, created_at) values (?, ?, 'member', 0)`)
  for (const name of ['Ada', 'Pat', 'Mel', 'Zoe', 'Gus']) account.run(`${name}@example.test`, name)
  const campaign = db.prepare(
    `insert into campaigns (account_id, vanity, creation_name, summary, is_monthly, created_at) values (1, ?, '', '', ?, 0)`,
  )
  campaign.run('monthly', 1)
  campaign.run('by-creation', 0)
  const pledge = db.prepare(
    `insert into pledges (campaign_id, patron_id, amount_cents, patron_pays_fees, created_at, declined_since, ended_at)
     values (?, ?, ?, 0, ?, ?, ?)`,
  )
  const [october, december] = [at('2025-10-03T10:00'), at('2025-12-20T10:00')]
  pledge.run(1, 2, 300, october, null, december)
  pledge.run(1, 2, 500, october, null, null)
  pledge.run(1, 3, 500, october + 1, december, null)
  pledge.run(2, 4, 500, october, null, null)
  pledge.run(1, 5, 500, october, null, december)
  pledge.run(1, 4, 500, october + 2, null, null)
}

/** What the second version made of an old pledge that was edited: a member without a beginning. */
const edited = (db: Database): void =>
  db.exec(
    `insert into members (id, campaign_id, account_id, is_follower, note, joined_at, lifetime_cents)
     values ('0b6f1b1e-6a53-4b0a-9d63-3a1d7b2c9e10', 1, 4, 0, 'kind', 5, 0)`,
  )

/** Puts the data of the first versions in the place of a world's own, and starts it. */
async function olderWorld(): Promise<World> {
  const world = await aWorld()
  await world.stop()
  const path = join(world.folder, 'tidings.db')
  for (const ending of ['', '-wal', '-shm']) rmSync(path + ending, { force: true })
  const db = openForWriting(path)
  await migrate(db, ['0001-beginning'])
  beginning(db)
  await migrate(db, ['0001-beginning', '0002-provider'])
  edited(db)
  db.close()
  await world.start()
  return world
}

async function migrate(db: Database, names: readonly string[]): Promise<void> {
  const known = Object.fromEntries(names.map((name) => [name, migrations[name] as Migration]))
  const { error } = await new Migrator({
    db: kyselyOn(db),
    provider: { getMigrations: async () => known },
  }).migrateToLatest()
  if (error !== undefined) throw new Error('the tables of an older version could not be made', { cause: error })
}

async function membersOf(world: World, campaignId: number): Promise<Member[]> {
  return (await world.call<{ data: Member[] }>('GET', `/api/v1/campaigns/${campaignId}/members`)).body.data
}

test('whoever pledged before there were members is one, and is charged from the next month on', async () => {
  const world = await olderWorld()

  await make(world, '/api/v1/charges/runs', { until: '2026-01-05T12:00:00Z' })

  const members = await membersOf(world, 1)
  expect(Object.fromEntries(members.map((member) => [member.account_id, member['patron_status']]))).toEqual({
    ...{ 2: 'active_patron', 3: 'declined_patron', 4: 'active_patron' },
  })
  const [pat, mel, zoe] = ['2', '3', '4'].map((id) => members.find(({ account_id }) => account_id === id))
  expect(pat).toMatchObject({
    ...{ joined_at: '2025-10-03T10:00:00.000Z', last_charge_at: '2026-01-01T00:00:00.000Z', lifetime_cents: 500 },
    ...{ next_charge_at: '2026-02-01T00:00:00.000Z', note: '', last_charge_status: 'Paid' },
  })
  expect(pat?.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(mel).toMatchObject({
    ...{ last_charge_status: 'Declined', last_charge_at: '2025-12-20T10:00:00.000Z', next_charge_at: null },
  })
  expect(zoe).toMatchObject({ note: 'kind', lifetime_cents: 500 })
})

test('a campaign that charges by the creation goes on charging for creations only', async () => {
  const world = await olderWorld()
  expect(await membersOf(world, 2)).toMatchObject([{ account_id: '4', next_charge_at: null, lifetime_cents: 0 }])

  await make(world, '/api/v1/campaigns/2/posts', { title: 'A song', is_paid: true })
  await make(world, '/api/v1/charges/runs', {})

  expect(await membersOf(world, 2)).toMatchObject([{ last_charge_status: 'Paid', lifetime_cents: 500 }])
})

test('a campaign from before has as many patrons as pledge to it, and who leaves is one less', async () => {
  const world = await olderWorld()
  const counts = async () => (await world.call('GET', '/api/v1/campaigns/1')).body

  expect(await counts()).toMatchObject({ patron_count: 2, pledge_sum_cents: 1000 })
  await world.call('DELETE', '/api/v1/pledges/6')
  expect(await counts()).toMatchObject({ patron_count: 1, pledge_sum_cents: 500 })
})
