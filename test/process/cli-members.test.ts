import assert from 'node:assert/strict'
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

  test('posts are published, changed and deleted', async () => {
    const { campaign, tier } = await aCampaign('mia')

    const post = await json<Made>('posts', 'publish', campaign, 'A song', '--tier', tier)
    assert.match((await tidings('posts', 'edit', post.id, '--public')).out, /for everybody +yes/)
    assert.match((await tidings('posts', 'list', campaign)).out, /A song +yes/)
    assert.match((await tidings('posts', 'delete', post.id)).out, /is deleted/)
    assert.match((await tidings('events', 'list', '--trigger', 'posts:delete')).out, /campaign:\d+ +posts:delete/)
  })
})
