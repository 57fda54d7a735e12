import { expect, test } from 'vitest'
import { aCreator, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'

/** A creator's own token, as registering a client gives it. */
async function aCreatorsToken(world: World): Promise<string> {
  const creator = await aCreator(world, 'ada')
  const client = { name: 'An app', redirect_uris: ['https://app.example/callback'], api_version: 2 }
  const { creator_access_token } = await make<{ creator_access_token: string }>(
    world,
    '/api/v1/clients',
    client,
    creator.key,
  )
  return `Bearer ${creator_access_token}`
}

test('links in documents lead to this server, or to Patreon where documents are to be compared byte by byte', async () => {
  const here = await aWorld()
  const there = await aWorld({ settings: { TIDINGS_DOCUMENT_URL: 'https://www.patreon.com' } })
  const selfIn = async (world: World) => {
    const as = await aCreatorsToken(world)
    const { body } = await world.call<{ links: { self: string } }>('GET', '/api/oauth2/v2/identity', { as })
    return body.links.self.replace(/\d+$/, 'ID')
  }

  expect(await selfIn(here)).toBe(`${here.server.url}/api/oauth2/v2/user/ID`)
  expect(await selfIn(there)).toBe('https://www.patreon.com/api/oauth2/v2/user/ID')
})

test('whoever asks more than Patreon allows is told when to come back, where limits are on', async () => {
  const world = await aWorld({ settings: { TIDINGS_PATREON_LIMITS: 'on' } })
  const as = await aCreatorsToken(world)
  const ask = async () =>
    await world.call<{ errors?: { code_name: string; retry_after_seconds: number }[] }>(
      'GET',
      '/api/oauth2/v2/campaigns',
      { as },
    )

  const answers = await Promise.all(Array.from({ length: 101 }, ask))
  const [refused] = answers.filter(({ status }) => status === 429)
  await world.pass(120_000)
  const later = await ask()

  expect(answers.filter(({ status }) => status === 200)).toHaveLength(100)
  expect(refused?.body.errors?.[0]).toMatchObject({ code_name: 'RequestThrottled' })
  expect(refused?.headers.get('retry-after')).toBe(String(refused?.body.errors?.[0]?.retry_after_seconds))
  expect(later.status).toBe(200)
})
