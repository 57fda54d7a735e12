import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { memberTriggers, pledgeTriggers } from '#src/domain/trigger.ts'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'
import { aBrowser } from './browser.ts'

const browser = aBrowser()

/** What each step tells those who listen to both generations (docs/decisions/9). */
const begun = ['members:create', 'members:pledge:create', 'pledges:create']
const begunByMember = ['members:pledge:create', 'members:update', 'pledges:create']
const changed = ['members:pledge:update', 'members:update', 'pledges:update']
const endedUnpaid = ['members:delete', 'members:pledge:delete', 'pledges:delete']
const endedByPayer = ['members:pledge:delete', 'members:update', 'pledges:delete']

/** Somebody who is logged in before a campaign whose webhook hears everything, and a friend of theirs. */
async function aPatronToBe() {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const friend = await aPerson(world, 'mel')
  const receiver = await world.aReceiver()
  const triggers = [...pledgeTriggers, ...memberTriggers]
  await aWebhook(world, await aClient(world, creator.key), { receiver, triggers, signing_key: 'webhook' })
  const heard = async () => {
    await world.quiet()
    return receiver.received.splice(0).map(({ headers }) => headers['X-Patreon-Event'] ?? '')
  }
  const page = await aPageOf(world, 'pat')
  await page.goto(`${world.server.url}/c/ada`)
  /** Presses a button and says what was heard of it. */
  const press = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    return (await heard()).toSorted()
  }
  return { world, creator, friend, page, heard, press }
}

async function aPageOf(world: World, name: string): Promise<Page> {
  const person = { email: `${name}@example.test`, full_name: name }
  const { link } = await make<{ link: string }>(world, '/api/v1/accounts', person)
  const page = await (await browser.visitor()).newPage()
  await page.goto(world.server.url + new URL(link).pathname)
  await page.getByLabel('Password').fill('a few words in a row')
  await page.getByRole('button', { name: 'Keep this password' }).click()
  return page
}

/** Has the card of the campaign's one patron declined. */
async function decline(world: World, { campaign, key }: { campaign: { id: string }; key: string }) {
  const { body } = await world.call<{ data: { id: string }[] }>('GET', `/api/v1/campaigns/${campaign.id}/members`)
  await make(world, `/api/v1/members/${body.data[0]?.id}/declines`, {}, key)
}

describe('a patron with a browser and no scripts', () => {
  test('follows, joins free, tries a tier, and goes; each is heard', async () => {
    const { page, press } = await aPatronToBe()

    expect(await press('Follow')).toEqual(['members:create'])
    await page.getByText('You follow this campaign.').waitFor()
    expect(await press('Join free')).toEqual(['members:update'])
    await page.getByText('You are a member, and pledge nothing.').waitFor()

    await page.getByLabel('Tier to try').selectOption({ label: 'Originals · $10.00' })
    await page.getByLabel('For', { exact: true }).selectOption('14 days')
    expect(await press('Try it free')).toEqual(begunByMember)
    await page.getByText(/You try “Originals” for nothing until .* \(in 14 days\)/).waitFor()

    expect(await press('Cancel your pledge')).toEqual(endedUnpaid)
    expect(await page.getByRole('button', { name: 'Try it free' }).count()).toBe(0)
  })

  test('pays by the year, is declined, pays after all, edits, gives to a friend, and cancels; each is heard', async () => {
    const { world, creator, friend, page, heard, press } = await aPatronToBe()

    await page.getByText('Sketches').first().click()
    await page.getByText('I pay twelve months at once').click()
    expect(await press('Become a patron')).toEqual(begun)

    await decline(world, creator)
    expect(await heard()).toEqual(['members:update'])
    await page.reload()
    await page.getByText('Your last charge was declined').waitFor()
    await page.getByText('$60.00 is charged when you pay.').waitFor()
    expect(await press('Pay now')).toEqual(['members:update'])
    await page.getByText('the charge went through').waitFor()

    await page.getByLabel('Dollars per month').fill('7')
    expect(await press('Change your pledge')).toEqual(changed)

    await page.getByRole('link', { name: 'Give somebody a membership' }).click()
    await page.getByLabel('Their e-mail address').fill('mel@example.test')
    await page.getByLabel('For', { exact: true }).selectOption('3 months')
    expect(await press('Give it')).toEqual(begun)
    await page.getByText('Thank you. If mel@example.test').waitFor()
    expect(await giftsIn(world, creator)).toEqual([friend.id])

    await page.goto(`${world.server.url}/memberships`)
    await page.getByText('Sketches, $7.00 per month, paid by the year').waitFor()
    await page.getByRole('link', { name: 'Charges and changes' }).click()
    expect(await page.getByRole('main').getByRole('listitem').allInnerTexts()).toMatchObject([
      expect.stringMatching(/^Pledge raised: \$7\.00/),
      expect.stringMatching(/^Charge paid: \$60\.00/),
      expect.stringMatching(/^Charge declined: \$60\.00/),
      expect.stringMatching(/^Charge paid: \$60\.00/),
      expect.stringMatching(/^Pledge began: \$5\.00/),
    ])
    await page.getByRole('link', { name: 'comics' }).click()
    expect(await press('Cancel your pledge')).toEqual(endedByPayer)
    await page.getByText('You were a patron, and paid $120.00 in all.').waitFor()
  })
})

/** Who has a tier of the campaign as a gift. */
async function giftsIn(world: World, { campaign }: { campaign: { id: string } }): Promise<string[]> {
  const path = `/api/v1/campaigns/${campaign.id}/pledges`
  const { body } = await world.call<{ data: { patron_id: string; kind: string }[] }>('GET', path)
  return body.data.filter(({ kind }) => kind === 'gift').map(({ patron_id }) => patron_id)
}
