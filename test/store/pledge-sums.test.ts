import { expect, test } from 'vitest'
import type { NewPledge } from '#src/store/control/pledges.ts'
import { migrations } from '#src/store/migrations/migrations.ts'
import { type Records, recordsOn } from '#src/store/records.ts'
import { kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'

const terms = { capCents: null, patronPaysFees: false, cadenceMonths: 1, kind: 'paid', freeUntil: null } as const

/** A campaign with two tiers, on a database that says what it was asked for. */
async function aCampaign() {
  const db = openForWriting(':memory:')
  const asked: string[] = []
  const listening = new Proxy(db, {
    get(target, name) {
      if (name !== 'prepare') return Reflect.get(target, name)
      return (sql: string) => {
        asked.push(sql)
        return db.prepare(sql)
      }
    },
  })
  const kysely = kyselyOn(listening)
  for (const migration of Object.values(migrations)) await migration.up(kysely)
  db.exec(
    `insert into accounts (email, full_name, role, created_at) values ('cleo@example.test', 'Cleo', 'member', 0);
     insert into accounts (email, full_name, role, created_at) values ('pat@example.test', 'Pat', 'member', 0);
     insert into accounts (email, full_name, role, created_at) values ('mel@example.test', 'Mel', 'member', 0);
     insert into campaigns (account_id, vanity, creation_name, summary, is_monthly, created_at) values (1, 'cleo', '', '', 1, 0);
     insert into tiers (campaign_id, title, description, amount_cents, created_at, edited_at) values (1, 'a', '', 300, 0, 0);
     insert into tiers (campaign_id, title, description, amount_cents, created_at, edited_at) values (1, 'b', '', 500, 0, 0)`,
  )
  return { memberships: recordsOn(kysely).memberships, asked }
}

const by = (patronId: string, tierId: string | null, amountCents: number): NewPledge => ({
  ...{ ...terms, campaignId: '1', patronId, tierId, amountCents, createdAt: 5, declinedSince: null },
})

async function sumsIn(memberships: Records['memberships']) {
  const standing = await memberships.findStanding('1')
  const tiers = standing?.tiers.map(({ patronCount }) => patronCount)
  return [standing?.patronCount, standing?.pledgeSumCents, tiers]
}

test('a campaign has the patrons and the sum of its open pledges that are not declined, whatever became of each', async () => {
  const { memberships } = await aCampaign()
  expect(await sumsIn(memberships)).toEqual([0, 0, [0, 0]])

  const pat = await memberships.insertPledge(by('2', '1', 350))
  const mel = await memberships.insertPledge(by('3', null, 100))
  expect(await sumsIn(memberships)).toEqual([2, 450, [1, 0]])

  await memberships.setDeclined(pat.id, 7)
  await memberships.setDeclined(pat.id, 8)
  expect(await sumsIn(memberships)).toEqual([1, 100, [0, 0]])
  await memberships.setDeclined(pat.id, null)
  await memberships.setDeclined(pat.id, null)
  expect(await sumsIn(memberships)).toEqual([2, 450, [1, 0]])

  await memberships.endPledge(pat.id, 9)
  await memberships.endPledge(pat.id, 9)
  await memberships.setDeclined(mel.id, 9)
  await memberships.endPledge(mel.id, 10)
  expect(await sumsIn(memberships)).toEqual([0, 0, [0, 0]])

  const back = await memberships.insertPledge({ ...by('2', '2', 500), declinedSince: 11 })
  expect(await sumsIn(memberships)).toEqual([0, 0, [0, 0]])
  await memberships.setDeclined(back.id, null)
  expect(await sumsIn(memberships)).toEqual([1, 500, [0, 1]])
})

test('how many patrons a campaign has is told without a look at any of them', async () => {
  const { memberships, asked } = await aCampaign()
  asked.splice(0)

  await memberships.findStanding('1')

  expect(asked.length).toBeGreaterThan(0)
  for (const sql of asked) expect(sql).not.toContain('"pledges"')
})
