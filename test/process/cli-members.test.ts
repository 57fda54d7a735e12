import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { aPlace, urlIn } from './command-line.ts'

let place: Awaited<ReturnType<typeof aPlace>>
let url: string

beforeAll(async () => {
  place = await aPlace({ TIDINGS_PORT: '0', TIDINGS_LOG: 'error' })
  url = urlIn(await place.start(['serve']).line('listens on'))
})
afterAll(() => place.leave())

const tidings = (...args: string[]) => place.run(args, { TIDINGS_URL: url })

async function json<Answer>(...args: string[]): Promise<Answer> {
  const { code, out, err } = await tidings(...args, '--json')
  assert.equal(code, 0, err)
  return JSON.parse(out) as Answer
}

type Made = { id: string }
const account = (name: string) => json<Made>('accounts', 'open', `${name}@example.com`, '--full-name', name)

/** A campaign of somebody's with a tier. */
async function aCampaign(vanity: string) {
  const creator = await account(vanity)
  const opening = ['campaigns', 'create', vanity, '--creation-name', 'songs', '--creator', creator.id]
  const campaign = await json<Made>(...opening)
  const tier = await json<Made>('campaigns', 'add-tier', campaign.id, 'Beep', '--amount-cents', '300')
  return { campaign: campaign.id, tier: tier.id }
}

describe('on the command line', () => {
  test('members join, are noted about, and leave', async () => {
    const { campaign } = await aCampaign('kim')
    const pat = await account('pat')

    const { id } = await json<Made>('members', 'join', campaign, '--account', pat.id)
    assert.match((await tidings('members', 'list', campaign)).out, new RegExp(`^${id} +${pat.id} +pat +free`, 'm'))
    assert.match((await tidings('members', 'note', id, 'sings')).out, /note +sings/)
    assert.match((await tidings('members', 'leave', id)).out, /has left/)
    assert.match((await tidings('members', 'list', campaign)).out, /No members/)
  })

  test('an account keeps an address, and another in its place', async () => {
    const { id } = await account('ivy')
    const keep = (...args: string[]) => tidings('accounts', 'address', 'keep', id, ...args)

    assert.match((await tidings('accounts', 'address', 'show', id)).err, /keeps no address/)
    await keep('--line1', '1 Long Lane', '--city', 'Ulm', '--country', 'DE')
    assert.match((await keep('--city', 'Bern', '--country', 'CH')).out, /city +Bern/)

    const { out } = await tidings('accounts', 'address', 'show', id)
    assert.match(out, /city +Bern\n +country +CH/)
    assert.doesNotMatch(out, /Long Lane/)
  })

  test('a month turns, a card is declined and recovered, and money is given back', async () => {
    const { campaign, tier } = await aCampaign('lou')
    const pat = await account('pam')
    await json('pledges', 'create', campaign, '--amount-cents', '300', '--tier', tier, '--patron', pat.id, '--yearly')
    await json('pledges', 'give', campaign, '--tier', tier, '--patron', (await account('gil')).id, '--months', '2')
    const [member] = (await json<{ data: Made[] }>('members', 'list', campaign)).data
    const id = member?.id ?? ''

    assert.match((await tidings('members', 'show', id)).out, /paid so far +\$36\.00/)
    const until = new Date(Date.now() + 100 * 86_400_000).toISOString()
    assert.match((await tidings('charges', 'run', '--until', until)).out, /gifts ended +1/)
    assert.match((await tidings('members', 'decline', id)).out, /declined patron/)
    assert.match((await tidings('members', 'recover', id)).out, /active patron/)
    assert.match((await tidings('members', 'refund', id)).out, /last charge +Refunded/)
    const wrong = await tidings('charges', 'run', '--until', 'soon')
    assert.deepEqual([wrong.code, /such as 2026-12-01/.test(wrong.err)], [2, true])
  })

  test('a pledge begins with a charge that fails, and money is given back in part', async () => {
    const { campaign } = await aCampaign('ned')
    const pledging = (patron: Made) => ['pledges', 'create', campaign, '--amount-cents', '300', '--patron', patron.id]
    await json(...pledging(await account('pia')), '--first-charge', 'fraud')
    await json(...pledging(await account('ray')))
    const [pia, ray] = (await json<{ data: Made[] }>('members', 'list', campaign)).data.map(({ id }) => id)
    assert.ok(pia !== undefined && ray !== undefined)

    assert.match((await tidings('members', 'show', pia)).out, /last charge +Fraud/)
    assert.match((await tidings('members', 'refund', ray, '--amount-cents', '100')).out, /paid so far +\$2\.00/)
    assert.match((await tidings('members', 'fraud', ray)).out, /declined patron/)
  })

  test('a campaign and its tiers are changed, and what was left out stays', async () => {
    const { campaign, tier } = await aCampaign('oda')

    const edited = await tidings('campaigns', 'edit', campaign, '--one-liner', 'Loud!', '--nsfw')
    assert.match(edited.out, /Campaign \d+: songs\n[^]*in one line +Loud![^]*not for everybody +yes/)
    assert.match((await tidings('campaigns', 'edit-tier', tier, '--user-limit', '3')).out, /costs +\$3\.00\n +limit +3/)
    const unpublished = await tidings('campaigns', 'edit-tier', tier, '--no-user-limit', '--no-published')
    assert.match(unpublished.out, /costs +\$3\.00\n +offered +no/)
    assert.match((await tidings('campaigns', 'edit', campaign, '--no-nsfw', '--summary', '')).out, /songs/)

    const file = join(place.folder, 'front.gif')
    await writeFile(file, 'GIF89a')
    assert.match(
      (await tidings('campaigns', 'add-image', tier, file)).out,
      /url +http.*\/media\/\d+\n +kind +image\/gif/,
    )
    assert.match((await tidings('campaigns', 'remove-image', tier)).out, /has no picture/)
    assert.equal((await tidings('campaigns', 'add-image', tier, 'nowhere.png')).code, 2)
  })

  test('benefits are promised, changed and deleted', async () => {
    const { campaign, tier } = await aCampaign('pip')

    const { id } = await json<Made>('benefits', 'create', campaign, 'A call', '--tier', tier)
    assert.match((await tidings('benefits', 'list', campaign)).out, new RegExp(`^${id} +A call +${tier}`, 'm'))
    assert.match((await tidings('benefits', 'edit', id, '--no-tier', '--title', 'A long call')).out, /tiers +-/)
    assert.match((await tidings('benefits', 'delete', id)).out, /is deleted/)
    assert.match((await tidings('benefits', 'list', campaign)).out, /No benefits/)
  })

  test('posts are published, changed and deleted', async () => {
    const { campaign, tier } = await aCampaign('mia')

    const post = await json<Made>('posts', 'publish', campaign, 'A song', '--tier', tier)
    assert.match((await tidings('posts', 'edit', post.id, '--public')).out, /for everybody +yes/)
    assert.match((await tidings('posts', 'list', campaign)).out, /A song +yes/)
    assert.match((await tidings('posts', 'delete', post.id)).out, /is deleted/)
    assert.match((await tidings('events', 'list', '--trigger', 'posts:delete')).out, /campaign:\d+ +posts:delete/)
  })
})
