import { expect, test } from 'vitest'
import { aCreator, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'
import { rawRequest } from './raw-request.ts'

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

/** What a request that names no program is told: its status, and what it says is missing. */
async function namelessAt(path: string, world: World): Promise<string> {
  const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close`
  const { status, body } = await rawRequest(world.server.url, `${head}\r\n\r\n`)
  const named = await rawRequest(world.server.url, `${head}\r\nUser-Agent: curl/8\r\n\r\n`)
  expect(named.body).not.toMatch(/User-Agent/)
  return `${status} ${/UserAgentMissing|does not say what sends it/.exec(body)?.[0]}`
}

const patreons = [
  '/api/oauth2/v2/identity',
  '/oauth2/v2/nothing',
  '/oauth2/api/current_user',
  '/api/oauth2/v2/webhooks',
]

test('who names no program is not let through, as at Patreon’s edge, where limits are on', async () => {
  const strict = await aWorld({ settings: { TIDINGS_PATREON_LIMITS: 'on' } })
  const usual = await aWorld()

  for (const path of patreons) expect(await namelessAt(path, strict)).toBe('403 UserAgentMissing')
  expect(await namelessAt('/api/oauth2/token', strict)).toBe('403 does not say what sends it')
  expect(await namelessAt('/health/live', strict)).toBe('200 undefined')
  expect(await namelessAt('/api/oauth2/v2/identity', usual)).toBe('401 undefined')
})
