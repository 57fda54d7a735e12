import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { aClient, aWebhook, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'
import { aBrowser } from './browser.ts'

const browser = aBrowser()

/** Somebody who got a one-time link and chose a password, with a browser and no scripts. */
async function aVisitor(world: World, name: string): Promise<{ id: string; page: Page }> {
  const person = { email: `${name}@example.test`, full_name: name }
  const { id, link } = await make<{ id: string; link: string }>(world, '/api/v1/accounts', person)
  const page = await (await browser.visitor()).newPage()
  await page.goto(world.server.url + new URL(link).pathname)
  await page.getByLabel('Password').fill('a few words in a row')
  await page.getByRole('button', { name: 'Keep this password' }).click()
  return { id, page }
}

/** A receiver that hears everything that happens in the campaigns of one account. */
async function aListener(world: World, accountId: string) {
  const scopes = ['clients', 'webhooks']
  const { key } = await make<{ key: string }>(world, '/api/v1/keys', { name: 'test', scopes, account_id: accountId })
  const receiver = await world.aReceiver()
  const triggers = ['pledges:create', 'members:create', 'members:update', 'members:pledge:create', 'posts:publish']
  await aWebhook(world, await aClient(world, key), { receiver, triggers })
  return async () => {
    await world.quiet()
    // What happens at once is sent at once, and may overtake each other.
    return receiver.received
      .splice(0)
      .map(({ headers }) => String(headers['X-Patreon-Event']))
      .sort(byName)
  }
}

const byName = (one: string, other: string) => one.localeCompare(other)

const said = async (page: Page, sentence: string) => await page.getByRole('status').getByText(sentence).waitFor()

async function startCampaign(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Start a campaign' }).click()
  await page.getByLabel('What is being created').fill('Woodcuts')
  await page.getByLabel('Name in addresses').fill('ada')
  await page.getByLabel('Introduction').fill('One a week.')
  await page.getByRole('button', { name: 'Start the campaign' }).click()
  await said(page, 'Woodcuts is open to patrons.')
}

async function addTier(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Tiers', exact: true }).click()
  await page.getByRole('link', { name: 'Add a tier' }).click()
  await page.getByLabel('Title').fill('Prints')
  await page.getByLabel('Dollars per month').fill('5')
  await page.getByRole('button', { name: 'Add this tier' }).click()
  await said(page, 'Patrons can choose “Prints” from now on.')
}

async function publish(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Posts', exact: true }).click()
  await page.getByRole('link', { name: 'Write a post' }).click()
  await page.getByLabel('Title').fill('The first cut')
  await page.getByLabel('Text').fill('It is pear.\n\n<script>document.title = "taken over"</script>')
  await page.getByText('Only patrons of these tiers').click()
  await page.getByLabel('Prints').check()
  await page.getByRole('button', { name: 'Publish it now' }).click()
  await said(page, '“The first cut” is published.')
}

/** Somebody who may not read a post finds the tier that opens it, and reads. */
async function becomePatronToRead(page: Page, post: string): Promise<void> {
  await page.goto(post)
  await page.getByText('This post is for “Prints”. Become a patron to read it:').waitFor()
  await page.getByRole('link', { name: 'Choose “Prints”' }).click()
  await page.getByRole('button', { name: 'Become a patron' }).click()
  await page.getByText('You pledge $5.00 per month').waitFor()
  await page.goto(post)
  await page.getByText('It is pear.').waitFor()
}

/** The journey has some thirty pages, and a browser may share its machine with many others. */
const patienceMs = 120_000

test(
  'somebody with a browser and no scripts starts a campaign, writes, and charges a patron, and a receiver hears each',
  async () => {
    const world = await aWorld()
    const ada = await aVisitor(world, 'ada')
    const pat = await aVisitor(world, 'pat')
    const heard = await aListener(world, ada.id)

    await startCampaign(ada.page)
    await addTier(ada.page)
    await publish(ada.page)
    expect(await heard()).toEqual(['posts:publish'])

    const post = await ada.page.getByRole('link', { name: 'its page' }).getAttribute('href')
    await becomePatronToRead(pat.page, world.server.url + post)
    expect(await heard()).toEqual(['members:create', 'members:pledge:create', 'pledges:create'])
    expect(await pat.page.title()).toBe('The first cut · Tidings')

    await ada.page.getByRole('link', { name: 'Members', exact: true }).click()
    await ada.page.getByRole('link', { name: 'pat' }).click()
    await ada.page.getByRole('button', { name: 'Decline the charge' }).click()
    await said(ada.page, 'The charge of pat is declined.')
    expect(await heard()).toEqual(['members:update'])
    await pat.page.reload()
    await pat.page.getByText('your payment is declined').waitFor()

    await ada.page.getByRole('button', { name: 'Recover the charge' }).click()
    await said(ada.page, 'The charge of pat is recovered.')
    expect(await heard()).toEqual(['members:update'])
    await pat.page.reload()
    await pat.page.getByText('It is pear.').waitFor()

    await ada.page.getByRole('button', { name: 'Refund the last payment' }).click()
    await said(ada.page, 'pat got the last payment back.')
    expect(await heard()).toEqual(['members:update'])
  },
  patienceMs,
)
