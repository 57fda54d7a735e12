import { beforeEach, describe, expect, test } from 'vitest'
import type { PledgeTerms } from '#src/domain/membership.ts'
import { createCampaign, createTier } from '#src/membership/campaigns.ts'
import { cancelPledge, editPledge, pledge } from '#src/membership/pledges.ts'
import { as, aTheatre, type Happened, linked, type Theatre } from './theatre.ts'

const terms: PledgeTerms = { amountCents: 500, tierId: null, capCents: null, patronPaysFees: false }
let theatre: Theatre

beforeEach(async () => {
  theatre = await aTheatre()
})

/** What pat sends to become a patron. */
const joining = (changed: Partial<PledgeTerms> = {}) => {
  const { pat, campaign } = theatre
  return { actor: as(pat), campaignId: campaign.id, patronId: pat.id, terms: { ...terms, ...changed }, ...linked }
}

/** What v1 tells of it. */
const ofV1 = (happened: readonly Happened[]) => happened.filter(({ trigger }) => trigger.startsWith('pledges:'))

describe('becoming a patron', () => {
  test('is an event of the campaign, which tells the campaign as it stands with the new patron', async () => {
    const { run, happened, campaign, tier } = theatre

    const made = await run(pledge, joining({ tierId: tier.id, amountCents: 700 }))

    expect(happened.map(({ tenant, trigger }) => ({ tenant, trigger }))).toEqual([
      { tenant: `campaign:${campaign.id}`, trigger: 'pledges:create' },
      { tenant: `campaign:${campaign.id}`, trigger: 'members:create' },
      { tenant: `campaign:${campaign.id}`, trigger: 'members:pledge:create' },
    ])
    const [{ body }] = happened as [(typeof happened)[0]]
    expect(body.data).toMatchObject({ id: made.id, attributes: { amount_cents: 700 } })
    expect(body.included.find(({ type }) => type === 'campaign')?.attributes).toMatchObject({
      patron_count: 1,
      pledge_sum: 700,
    })
    expect(body.included.find(({ type, id }) => type === 'reward' && id === tier.id)?.attributes).toMatchObject({
      patron_count: 1,
      remaining: 0,
    })
  })

  test('is refused twice', async () => {
    const { run, refusalOf, happened } = theatre
    await run(pledge, joining())

    expect(await refusalOf(pledge, joining())).toBe('pledge_exists')
    expect(happened).toHaveLength(3)
  })

  test('is refused to the creator, and for somebody else, unless an operator does it', async () => {
    const { run, refusalOf, creator, mel, operator } = theatre

    expect(await refusalOf(pledge, { ...joining(), actor: as(creator), patronId: creator.id })).toBe('not_permitted')
    expect(await refusalOf(pledge, { ...joining(), actor: as(mel) })).toBe('not_permitted')
    expect((await run(pledge, { ...joining(), actor: as(operator) })).patronId).toBe(theatre.pat.id)
  })

  test.each(['999', '', '1e0', '-1', 'x', '99999999999999999999'])('to campaign %j is refused', async (campaignId) => {
    expect(await theatre.refusalOf(pledge, { ...joining(), campaignId })).toBe('campaign_not_found at campaign_id')
  })

  test('is refused to an account that does not exist', async () => {
    const { refusalOf, operator } = theatre

    const unknown = { ...joining(), actor: as(operator), patronId: '999' }
    expect(await refusalOf(pledge, unknown)).toBe('account_not_found at patron_id')
  })

  test('is refused where the tier is full, unknown, or offered elsewhere', async () => {
    const { run, refusalOf, tier, mel, creator } = theatre
    const about = { vanity: 'other', creationName: 'other', summary: '', isMonthly: false }
    const other = await run(createCampaign, { actor: as(creator), creatorId: creator.id, ...about })
    await run(pledge, joining({ tierId: tier.id }))
    const mels = { ...joining({ tierId: tier.id }), actor: as(mel), patronId: mel.id }

    expect(await refusalOf(pledge, mels)).toBe('tier_full at tier_id')
    expect(await refusalOf(pledge, { ...mels, campaignId: other.id })).toBe('tier_of_another_campaign at tier_id')
    expect(await refusalOf(pledge, { ...mels, terms: { ...terms, tierId: '999' } })).toBe('tier_not_found at tier_id')
  })

  test('is open again to somebody who left', async () => {
    const { run, pat } = theatre
    const first = await run(pledge, joining())
    await run(cancelPledge, { actor: as(pat), pledgeId: first.id, ...linked })

    const second = await run(pledge, joining())

    expect(second.id).not.toBe(first.id)
    expect(second.createdAt).toBeGreaterThan(first.createdAt)
  })
})

describe('editing a pledge', () => {
  test('gives it a new id, keeps since when it is, and is an event', async () => {
    const { run, happened, pat, records } = theatre
    const before = await run(pledge, joining())

    const after = await run(editPledge, {
      actor: as(pat),
      pledgeId: before.id,
      terms: { ...terms, amountCents: 900 },
      ...linked,
    })

    expect(after).toEqual({ ...before, id: after.id, amountCents: 900 })
    expect(after.id).not.toBe(before.id)
    expect(ofV1(happened).map(({ trigger, body }) => [trigger, body.data.id])).toEqual([
      ['pledges:create', before.id],
      ['pledges:update', after.id],
    ])
    expect(await records.memberships.countOpenPledges({ patronId: pat.id })).toBe(1)
  })

  test('under the id from before is refused', async () => {
    const { run, refusalOf, pat } = theatre
    const { id } = await run(pledge, joining())
    const edit = { actor: as(pat), pledgeId: id, terms, ...linked }
    await run(editPledge, edit)

    expect(await refusalOf(editPledge, edit)).toBe('pledge_ended at pledge_id')
  })

  test('keeps a place in a tier that is full', async () => {
    const { run, tier, pat } = theatre
    const { id } = await run(pledge, joining({ tierId: tier.id }))

    const more = { ...terms, tierId: tier.id, amountCents: 800 }
    expect((await run(editPledge, { actor: as(pat), pledgeId: id, terms: more, ...linked })).tierId).toBe(tier.id)
  })

  test('with an amount that makes no sense changes nothing', async () => {
    const { run, refusalOf, pat, records, happened } = theatre
    const { id } = await run(pledge, joining())

    const edit = { actor: as(pat), pledgeId: id, terms: { ...terms, amountCents: -5 }, ...linked }
    expect(await refusalOf(editPledge, edit)).toBe('amount_invalid at amount_cents')
    expect((await records.memberships.findPledge(id))?.endedAt).toBeNull()
    expect(happened).toHaveLength(3)
  })
})

describe('cancelling a pledge', () => {
  test('is an event, after which the campaign stands without the patron', async () => {
    const { run, happened, pat } = theatre
    const { id } = await run(pledge, joining())

    await run(cancelPledge, { actor: as(pat), pledgeId: id, ...linked })

    const last = ofV1(happened).at(-1)
    expect(last).toMatchObject({ trigger: 'pledges:delete', body: { data: { id } } })
    expect(last?.body.included.find(({ type }) => type === 'campaign')?.attributes).toMatchObject({ patron_count: 0 })
  })

  test('is refused when it is cancelled already', async () => {
    const { run, refusalOf, pat } = theatre
    const { id } = await run(pledge, joining())
    await run(cancelPledge, { actor: as(pat), pledgeId: id, ...linked })

    expect(await refusalOf(cancelPledge, { actor: as(pat), pledgeId: id, ...linked })).toBe('pledge_ended at pledge_id')
  })

  test('is for the patron and operators; to everybody else there is no such pledge', async () => {
    const { run, refusalOf, mel, creator, operator } = theatre
    const { id } = await run(pledge, joining())

    for (const actor of [as(mel), as(creator)]) {
      expect(await refusalOf(cancelPledge, { actor, pledgeId: id, ...linked })).toBe('pledge_not_found at pledge_id')
      expect(await refusalOf(editPledge, { actor, pledgeId: id, terms, ...linked })).toBe(
        'pledge_not_found at pledge_id',
      )
    }
    expect((await run(cancelPledge, { actor: as(operator), pledgeId: id, ...linked })).endedAt).not.toBeNull()
  })
})

describe('campaigns and tiers', () => {
  test('a name in addresses is refused when it is taken or can be none', async () => {
    const { refusalOf, creator } = theatre
    const about = { actor: as(creator), creatorId: creator.id, creationName: 'x', summary: '', isMonthly: true }

    for (const vanity of ['cleo', '', 'Cleo', 'a b', '-a', 'a/b', 'x'.repeat(41)]) {
      expect(await refusalOf(createCampaign, { ...about, vanity })).toBe('field_invalid at vanity')
    }
  })

  test('nobody offers tiers for somebody else', async () => {
    const { refusalOf, mel, campaign } = theatre
    const tier = { title: 'x', description: '', amountCents: 100, userLimit: null }

    expect(await refusalOf(createTier, { actor: as(mel), campaignId: campaign.id, ...tier })).toBe('not_permitted')
  })

  test.each([
    [{ amountCents: 99 }, 'amount_invalid at amount_cents'],
    [{ title: ' ' }, 'field_invalid at title'],
    [{ title: 'a\u0000b' }, 'field_invalid at title'],
    [{ description: 'x'.repeat(501) }, 'field_invalid at description'],
    [{ userLimit: 0 }, 'field_invalid at user_limit'],
    [{ userLimit: 1.5 }, 'field_invalid at user_limit'],
  ])('a tier with %j is refused', async (changed, refusal) => {
    const { refusalOf, creator, campaign } = theatre
    const tier = { title: 'x', description: '', amountCents: 100, userLimit: null, ...changed }

    expect(await refusalOf(createTier, { actor: as(creator), campaignId: campaign.id, ...tier })).toBe(refusal)
  })
})

const paidMonthly = { cadenceMonths: 1, kind: 'paid', freeUntil: null } as const

describe('lists of open pledges', () => {
  test('go page by page in both directions and skip nothing, though many were made in one moment', async () => {
    const { records, campaign } = theatre
    const { memberships } = records
    for (let index = 0; index < 7; index += 1) {
      const email = `p${index}@example.test`
      const patron = await records.accounts.insert(
        { email, fullName: 'P', vanity: null, role: 'member', passwordHash: null },
        0,
      )
      await memberships.insertPledge({
        ...terms,
        campaignId: campaign.id,
        patronId: patron.id,
        createdAt: 5,
        declinedSince: null,
        ...paidMonthly,
      })
    }

    for (const order of ['oldest-first', 'newest-first'] as const) {
      const seen: string[] = []
      let after: { createdAt: number; id: string } | null = null
      for (;;) {
        const page = await memberships.listOpenPledges({ campaignId: campaign.id }, { after, order, limit: 3 })
        if (page.length === 0) break
        seen.push(...page.map(({ id }) => id))
        after = page.at(-1) ?? null
      }
      expect(new Set(seen).size).toBe(7)
      expect(await memberships.countOpenPledges({ campaignId: campaign.id })).toBe(7)
    }
  })

  test('declined pledges stay open but do not count', async () => {
    const { records, campaign, pat } = theatre
    const declined = {
      ...terms,
      campaignId: campaign.id,
      patronId: pat.id,
      createdAt: 5,
      declinedSince: 6,
      ...paidMonthly,
    }
    await records.memberships.insertPledge(declined)

    expect(await records.memberships.findStanding(campaign.id)).toMatchObject({ patronCount: 0, pledgeSumCents: 0 })
    expect(await records.memberships.findOpenPledge({ campaignId: campaign.id, patronId: pat.id })).not.toBeNull()
  })
})
