import { systemRandom } from '#src/clock.ts'
import type { Account } from '#src/domain/account.ts'
import type { Audience } from '#src/domain/event.ts'
import type { Campaign, Tier } from '#src/domain/membership.ts'
import { Refusal } from '#src/domain/refusal.ts'
import type { Instant } from '#src/domain/time.ts'
import { vaultKeyBytes, vaultWith } from '#src/domain/vault.ts'
import type { Actor } from '#src/membership/actor.ts'
import { createCampaign, createTier } from '#src/membership/campaigns.ts'
import type { Command } from '#src/store/command.ts'
import { migrations } from '#src/store/migrations/migrations.ts'
import { type Records, recordsOn } from '#src/store/records.ts'
import { kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'
import { linkBase } from './world.ts'

/** The body of an event, as far as the tests look into it. */
export type Body = {
  data: { id: string; attributes: Record<string, unknown>; relationships: Record<string, unknown> }
  included: { type: string; id: string; attributes: Record<string, unknown> }[]
}
export type Happened = { tenant: string; trigger: string; body: Body; bodies: Partial<Record<Audience, Body>> }

/** A creator with a campaign and a tier, two people who may become patrons, and an operator; on SQLite in memory. */
export type Theatre = {
  records: Records
  happened: Happened[]
  creator: Account
  pat: Account
  mel: Account
  operator: Account
  campaign: Campaign
  tier: Tier
  /** Runs a command an hour after the one before. */
  run<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output>
  /** Runs a command that is refused, and says why and for which field. */
  refusalOf<Input>(command: Command<Input, unknown>, input: Input): Promise<string>
}

export const linked = { linkBase }
export const as = ({ id, role }: Account): Actor => ({ accountId: id, isOperator: role === 'operator' })

/** Opens an empty store with a few people in it. */
export async function aTheatre(): Promise<Theatre> {
  const { records, happened, run } = await aStage()
  const person = (name: string, role: Account['role']) =>
    records.accounts.insert(
      { email: `${name}@example.test`, fullName: name, vanity: null, role, passwordHash: null },
      0,
    )

  const [creator, pat, mel] = [
    await person('cleo', 'member'),
    await person('pat', 'member'),
    await person('mel', 'member'),
  ]
  const operator = await person('opal', 'operator')
  const about = { vanity: 'cleo', creationName: 'comics', summary: '', isMonthly: true }
  const campaign = await run(createCampaign, { actor: as(creator), creatorId: creator.id, ...about })
  const offer = { title: 'Front row', description: '', amountCents: 500, userLimit: 1 }
  const tier = await run(createTier, { actor: as(creator), campaignId: campaign.id, ...offer })

  const refusalOf: Theatre['refusalOf'] = async (command, input) => {
    try {
      await run(command, input)
    } catch (error) {
      if (error instanceof Refusal) return [error.code, error.detail.field].filter(Boolean).join(' at ')
      throw error
    }
    throw new Error(`${command.name} was not refused`)
  }
  return { records, happened, creator, pat, mel, operator, campaign, tier, run, refusalOf }
}

const read = (body: Uint8Array): Body => JSON.parse(Buffer.from(body).toString()) as Body

async function aStage() {
  const kysely = kyselyOn(openForWriting(':memory:'))
  for (const migration of Object.values(migrations)) await migration.up(kysely)
  const records = recordsOn(kysely)
  const happened: Happened[] = []
  let now: Instant = Date.UTC(2017, 7, 1)

  const run: Theatre['run'] = async (command, input) => {
    now += 3_600_000
    return await command.run(records, input, {
      now,
      random: systemRandom,
      vault: vaultWith(new Uint8Array(vaultKeyBytes)),
      happens: ({ tenant, trigger, body, bodies = [] }) =>
        happened.push({
          ...{ tenant, trigger, body: read(body) },
          bodies: Object.fromEntries(bodies.map((told) => [told.audience, read(told.body)])),
        }),
    })
  }
  return { records, happened, run }
}
