import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { aBrowser } from '../browser/browser.ts'
import { aCreator, make } from '../people.ts'
import { aWorld } from '../world.ts'
import { allow, anApp, aPatron } from './an-app.ts'

const browser = aBrowser()

test('npm patreon 0.4.1 logs somebody in and reads profile, campaign and every pledge', async () => {
  const world = await aWorld()
  const page = await (await browser.visitor()).newPage()
  const creator = await aCreator(world, 'ada')
  const app = await anApp(world, creator, 1)
  const pat = await aPatron(world, page, 'pat')
  for (let number = 0; number < 25; number += 1) {
    const fan = await make(world, '/api/v1/accounts', {
      email: `fan${number}@example.test`,
      full_name: `Fan ${number}`,
    })
    const terms = { patron_id: fan.id, amount_cents: 500 + number, tier_id: creator.small.id }
    await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, terms)
  }
  await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, { patron_id: pat.id, amount_cents: 1000 })

  const query = new URLSearchParams({
    response_type: 'code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    state: 'st/ate=&é',
  })
  const callback = await allow(page, `${world.server.url}/oauth2/authorize?${query}`)
  const seen = await run(world.server.url, {
    ...app,
    code: callback.searchParams.get('code'),
    campaignId: creator.campaign.id,
  })

  expect(callback.searchParams.get('state')).toBe('st/ate=&é')
  expect(seen.tokens).toMatchObject({ token_type: 'Bearer', expires_in: 2_678_400 })
  expect(seen.user).toMatchObject({ id: pat.id, email: pat.email, full_name: 'pat Tern' })
  expect(seen.refreshedUser.id).toBe(pat.id)
  expect(seen.ownPledge.amount_cents).toBe(1000)
  expect(seen.campaign).toMatchObject({ id: creator.campaign.id, patron_count: 26 })
  expect(new Set(seen.patrons).size).toBe(26)
})

/** The library reads its host from the environment when it is loaded, so it runs in a process of its own. */
async function run(url: string, input: unknown) {
  const program = new URL('./patreon-js-app.cjs', import.meta.url).pathname
  const child = spawn(process.execPath, [program], { env: { ...process.env, PATREON_OAUTH_HOST: url } })
  child.stdin.end(JSON.stringify(input))
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (errors !== '') throw new Error(errors)
  // Before the last line the library says what it does not implement.
  return JSON.parse(output.trimEnd().split('\n').at(-1) ?? '')
}
