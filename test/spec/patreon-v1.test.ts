import { describe, expect, test } from 'vitest'
import { aWorld } from '../world.ts'

type Failure = { errors: { code_name: string }[] }

describe.each(['/api/oauth2/api', '/oauth2/api'])('Patreon’s API v1 under %s', (prefix) => {
  test('is closed without a token, and says so in Patreon’s form', async () => {
    const world = await aWorld()

    for (const path of ['/current_user', '/current_user/campaigns', '/campaigns/1', '/campaigns/1/pledges']) {
      const { status, headers, body } = await world.call<Failure>('GET', `${prefix}${path}`, { as: null })

      expect([path, status, body.errors[0]?.code_name]).toEqual([path, 401, 'Unauthorized'])
      expect(headers.get('content-type')).toBe('application/vnd.api+json')
    }
  })

  test('is closed to an API key of our own', async () => {
    const world = await aWorld()
    const { status } = await world.call('GET', `${prefix}/current_user`, { as: `Bearer ${world.key}` })

    expect(status).toBe(401)
  })

  test('has nothing at other paths and takes no other methods', async () => {
    const world = await aWorld()
    const missing = await world.call<Failure>('GET', `${prefix}/kittens`)
    const posted = await world.call<Failure>('POST', `${prefix}/current_user`)

    expect([missing.status, missing.body.errors[0]?.code_name]).toEqual([404, 'ResourceNotFound'])
    expect([posted.status, posted.body.errors[0]?.code_name]).toEqual([405, 'MethodNotAllowed'])
    expect(posted.headers.get('allow')).toBe('GET, HEAD')
  })
})

test('who can’t read JSON is told so in Patreon’s form', async () => {
  const world = await aWorld()
  const headers = { accept: 'text/html' }
  const { status, body } = await world.call<Failure>('GET', '/api/oauth2/api/current_user', { headers })

  expect([status, body.errors[0]?.code_name]).toEqual([406, 'NotAcceptable'])
})

test('the description of our own API has none of Patreon’s paths', async () => {
  const world = await aWorld()
  const { body } = await world.call<{ paths: object }>('GET', '/api/v1/openapi.json')

  expect(Object.keys(body.paths).filter((path) => path.includes('oauth2'))).toEqual([])
})
