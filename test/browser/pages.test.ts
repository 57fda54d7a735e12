import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { aClient, aCreator, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'
import { aBrowser } from './browser.ts'

const browser = aBrowser()
const password = 'a few words in a row'

/** Somebody who got a one-time link, opened it and chose a password. */
async function aVisitor() {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const account = await make<{ link: string }>(world, '/api/v1/accounts', {
    email: 'pat@example.test',
    full_name: 'Pat Tern',
  })
  const page = await (await browser.visitor()).newPage()
  await page.goto(world.server.url + new URL(account.link).pathname)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Keep this password' }).click()
  return { world, creator, account, page }
}

const logIn = async (page: Page, url: string, secret: string) => {
  await page.goto(`${url}/login`)
  await page.getByLabel('E-mail').fill('pat@example.test')
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: 'Log in' }).click()
}

describe('somebody with a browser and no scripts', () => {
  test('becomes a patron, edits the pledge and leaves, and a receiver hears all three', async () => {
    const { world, creator, page } = await aVisitor()
    const receiver = await world.aReceiver()
    const triggers = ['pledges:create', 'pledges:update', 'pledges:delete']
    await aWebhook(world, await aClient(world, creator.key), { receiver, triggers, signing_key: 'client' })

    await page.goto(`${world.server.url}/c/ada`)
    await page.getByText('Sketches').first().click()
    await page.getByRole('button', { name: 'Become a patron' }).click()
    await page.getByText('You pledge $5.00 per month').waitFor()
    await page.getByLabel('Dollars per month').fill('7')
    await page.getByRole('button', { name: 'Change your pledge' }).click()
    await page.getByText('You pledge $7.00 per month').waitFor()
    await page.getByRole('button', { name: 'Cancel your pledge' }).click()
    await page.getByRole('heading', { name: 'Become a patron' }).waitFor()
    await world.quiet()

    expect(receiver.received.map(({ headers }) => headers['X-Patreon-Event'])).toEqual(triggers)
  })

  test('is told at the field what was wrong with an amount', async () => {
    const { world, page } = await aVisitor()

    await page.goto(`${world.server.url}/c/ada`)
    await page.getByLabel('Dollars per month').fill('-3')
    await page.getByRole('button', { name: 'Become a patron' }).click()

    expect(await page.getByRole('alert').textContent()).toMatch(/\d/)
    expect(await page.getByLabel('Dollars per month').inputValue()).toBe('-3')
  })

  test('logs out, and in again with the password but not with another', async () => {
    const { world, page } = await aVisitor()

    await page.goto(world.server.url)
    await page.getByRole('button', { name: 'Log out' }).click()
    await logIn(page, world.server.url, 'not the password')
    const refused = await page.getByRole('alert').textContent()
    await logIn(page, world.server.url, password)

    expect(refused).toMatch(/password/)
    await page.getByText('Hello, Pat Tern').waitFor()
  })

  test('finds that a one-time link works once', async () => {
    const { world, account, page } = await aVisitor()

    const answer = await page.goto(world.server.url + new URL(account.link).pathname)

    expect(answer?.status()).toBe(404)
  })

  test('is told by a page that there is nothing at an address', async () => {
    const { world, page } = await aVisitor()

    const answer = await page.goto(`${world.server.url}/no-such-page`)

    expect(answer?.status()).toBe(404)
    await page.getByRole('heading', { name: 'Not found' }).waitFor()
  })

  test('can’t be made to send a form from another site', async () => {
    const { world, page } = await aVisitor()
    const cookies = await page.context().cookies()

    const answer = await world.call('POST', '/c/ada/pledge', {
      as: null,
      body: 'amount=5',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '),
      },
    })

    expect(answer.status).toBe(403)
    expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Lax' }])
  })

  test('can’t be shown these pages in somebody else’s frame, and no script runs in them', async () => {
    const { world } = await aVisitor()

    const { headers } = await world.call('GET', '/login', { as: null })

    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  })
})
