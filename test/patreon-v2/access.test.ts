import { beforeAll, describe, expect, test } from 'vitest'
import type { V2Scope } from '#src/domain/oauth-scope.ts'
import { aWorld } from '../world.ts'
import { aPost, aScene, type Named, type Scene, type Thing } from './scene.ts'

let scene: Scene
let theirs: { song: string }
beforeAll(async () => {
  scene = await aScene()
  theirs = { song: (await aPost(scene.records, scene.songs, 'A song')).id }
})

/** Asks as somebody with these scopes. */
async function as(who: 'cleo' | 'rob' | 'pat' | 'zoe', scopes: V2Scope[], path: string) {
  return await scene.get<Thing & Thing[]>(path, await scene.aToken(scene[who], scopes))
}

const idsOf = (relationship: { data: Named | Named[] | null } | undefined): string[] =>
  [relationship?.data ?? []].flat().map(({ id }) => id)

const needed: [path: () => string, scope: V2Scope][] = [
  [() => '/identity', 'identity'],
  [() => '/campaigns', 'campaigns'],
  [() => `/campaigns/${scene.comics.id}`, 'campaigns'],
  [() => `/campaigns/${scene.comics.id}/members`, 'campaigns.members'],
  [() => `/members/${scene.members.pat.id}`, 'campaigns.members'],
  [() => `/campaigns/${scene.comics.id}/posts`, 'campaigns.posts'],
]

describe('a call', () => {
  test('is refused without a token, and with one that never was, is over or was revoked', async () => {
    const over = await scene.aToken(scene.cleo, ['identity'])
    const answers = [await scene.get('/identity'), await scene.get('/identity', 'nonsense')]
    scene.clock.pass(3_600_000)
    answers.push(await scene.get('/identity', over))

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401])
    expect(answers[0]?.body.errors).toMatchObject([{ code: 1, code_name: 'Unauthorized', status: '401' }])
    expect(answers[0]?.headers['www-authenticate']).toContain('Bearer')
  })

  test('is open with the scope that Patreon documents for it, and closed with all others', async () => {
    const scopes: V2Scope[] = ['identity', 'identity[email]', 'campaigns', 'campaigns.members', 'campaigns.posts']
    for (const [path, scope] of needed) {
      const others = scopes.filter((one) => one !== scope)

      expect([path(), (await as('cleo', [scope], path())).status]).toEqual([path(), 200])
      expect([path(), (await as('cleo', others, path())).status]).toEqual([path(), 403])
    }
  })

  test('is open with the scopes of v1 that mean the same', async () => {
    const token = await scene.aToken(scene.cleo, ['users', 'pledges'])

    expect((await scene.get(`/campaigns/${scene.comics.id}/members`, token)).status).toBe(200)
    expect((await scene.get('/campaigns', token)).status).toBe(403)
  })
})

describe('what belongs to another creator', () => {
  const all: V2Scope[] = ['identity', 'campaigns', 'campaigns.members', 'campaigns.posts']

  const hidden: [what: string, path: () => string, status: number, name: string][] = [
    ['a campaign', () => `/campaigns/${scene.songs.id}`, 403, 'ViewForbidden'],
    ['its members', () => `/campaigns/${scene.songs.id}/members`, 403, 'ViewForbidden'],
    ['a member of it', () => `/members/${scene.members.patAtRobs.id}`, 404, 'ResourceNotFound'],
    ['a post of it', () => `/posts/${theirs.song}`, 403, 'ViewForbidden'],
    ['a campaign that never was', () => '/campaigns/4711', 404, 'ResourceNotFound'],
    ['the members of nothing', () => '/campaigns/x/members', 404, 'ResourceNotFound'],
    ['the posts of nothing', () => '/campaigns/4711/posts', 404, 'ResourceNotFound'],
    ['a member that never was', () => '/members/x', 404, 'ResourceNotFound'],
    ['a post that never was', () => '/posts/4711', 404, 'ResourceNotFound'],
  ]

  test.for(hidden)('%s is not shown', async ([, path, status, name]) => {
    const answer = await as('cleo', all, path())

    expect(answer.status).toBe(status)
    expect(answer.body.errors).toMatchObject([{ code_name: name, status: String(status) }])
    expect(answer.body).not.toHaveProperty('data')
  })

  test('has no posts, as Patreon has it', async () => {
    const { status, body } = await as('cleo', all, `/campaigns/${scene.songs.id}/posts?include=user`)

    expect(status).toBe(200)
    expect(body).toEqual({
      data: [],
      included: [],
      links: {},
      meta: { pagination: { total: 0, cursors: { next: null } } },
    })
  })
})

describe('personal data', () => {
  const path = () =>
    `/campaigns/${scene.comics.id}/members?include=address,user&fields[member]=email,full_name&fields[user]=email&fields[address]=city`

  test('is kept back from a creator whose token does not open it', async () => {
    const { body } = await as('cleo', ['campaigns.members'], path())

    expect(body.data[0]?.attributes).toEqual({ full_name: 'Pat Tern' })
    expect(body.data[0]?.relationships?.['address']).toEqual({ data: null })
    expect(body.included?.map(({ type, attributes }) => [type, attributes])).toEqual([
      ['user', {}],
      ['user', {}],
    ])
  })

  test('is told with the scope for it: e-mail addresses by one, postal addresses by another', async () => {
    const email = await as('cleo', ['campaigns.members', 'campaigns.members[email]'], path())
    const address = await as('cleo', ['campaigns.members', 'campaigns.members.address'], path())

    expect(email.body.data[0]?.attributes).toEqual({ email: 'pattern@example.test', full_name: 'Pat Tern' })
    expect(email.body.included?.map(({ type }) => type)).toEqual(['user', 'user'])
    expect(address.body.data[0]?.attributes).toEqual({ full_name: 'Pat Tern' })
    expect(address.body.included?.find(({ type }) => type === 'address')?.attributes).toEqual({ city: 'Harbour' })
  })

  test('somebody’s own e-mail address is told with the scope for that one alone', async () => {
    const one = await as('pat', ['identity'], '/identity?fields[user]=email,first_name')
    const other = await as('pat', ['identity', 'identity[email]'], '/identity?fields[user]=email,first_name')

    expect(one.body.data.attributes).toEqual({ first_name: 'Pat' })
    expect(other.body.data.attributes).toEqual({ email: 'pattern@example.test', first_name: 'Pat' })
  })
})

describe('somebody’s own memberships', () => {
  const path =
    '/identity?include=memberships.campaign,memberships.currently_entitled_tiers&fields[member]=note,patron_status'

  test('are all shown with the scope for all of them', async () => {
    const { body } = await as('pat', ['identity', 'identity.memberships'], path)

    expect(idsOf(body.data.relationships?.['memberships'])).toEqual([scene.members.pat.id, scene.members.patAtRobs.id])
    expect(body.included?.map(({ type }) => type).sort()).toEqual([
      'campaign',
      'campaign',
      'member',
      'member',
      'tier',
      'tier',
    ])
  })

  test('are shown without it as far as the client’s creator knows of them anyway', async () => {
    const scopes: V2Scope[] = ['identity']
    const ofCleos = await scene.get(path, await scene.aToken(scene.pat, scopes, scene.clients.cleo))
    const ofRobs = await scene.get(path, await scene.aToken(scene.pat, scopes, scene.clients.rob))

    expect(idsOf(ofCleos.body.data.relationships?.['memberships'])).toEqual([scene.members.pat.id])
    expect(idsOf(ofRobs.body.data.relationships?.['memberships'])).toEqual([scene.members.patAtRobs.id])
  })

  test('can be asked for one by one, and never show what the creator noted', async () => {
    const own = await as(
      'pat',
      ['identity.memberships'],
      `/members/${scene.members.pat.id}?fields[member]=note,full_name`,
    )
    const creators = await as('cleo', ['campaigns.members'], `/members/${scene.members.pat.id}?fields[member]=note`)
    const strangers = await as('zoe', ['identity.memberships', 'campaigns.members'], `/members/${scene.members.pat.id}`)

    expect(own.body.data.attributes).toEqual({ note: '', full_name: 'Pat Tern' })
    expect(creators.body.data.attributes).toEqual({ note: 'likes cats' })
    expect(strangers.status).toBe(404)
  })

  test('elsewhere stay unknown to a creator who asks for the memberships of patrons', async () => {
    const ways = `/campaigns/${scene.comics.id}/members?include=user.memberships.campaign`
    const { body } = await as('cleo', ['campaigns.members', 'identity.memberships'], ways)

    expect(body.included?.filter(({ type }) => type === 'campaign').map(({ id }) => id)).toEqual([scene.comics.id])
  })
})

describe('a wrong address', () => {
  test('is told in Patreon’s form, and so is a wrong method', async () => {
    const nowhere = await scene.get('/kittens', scene.creators)
    const wrong = await scene.app.inject({ method: 'PUT', url: '/oauth2/v2/identity' })

    expect(nowhere.status).toBe(404)
    expect(nowhere.body.errors).toMatchObject([{ code_name: 'ResourceNotFound', status: '404' }])
    expect(wrong.statusCode).toBe(405)
    expect(wrong.headers['allow']).toContain('GET')
    expect(wrong.json()).toMatchObject({ errors: [{ code_name: 'MethodNotAllowed', status: '405' }] })
  })
})

test('the whole server has these calls beneath both paths, and tells nobody of them but Patreon’s clients', async () => {
  const world = await aWorld()
  const answers = [
    await world.call('GET', '/api/oauth2/v2/identity', { as: null }),
    await world.call('GET', '/oauth2/v2/identity', { as: 'Bearer nonsense' }),
    await world.call('GET', '/api/oauth2/v2/identity', { headers: { accept: 'text/html' } }),
    await world.call('GET', '/oauth2/v2/nothing', { headers: { accept: 'text/html' } }),
    await world.call('GET', '/oauth2/v2/members/%zz'),
  ]
  const description = await world.call<{ paths: object }>('GET', '/api/v1/openapi.json')

  expect(answers.map(({ status, body }) => [status, Object.keys(body)])).toEqual([
    [401, ['errors']],
    [401, ['errors']],
    [406, ['errors']],
    [406, ['errors']],
    [400, ['errors']],
  ])
  expect(Object.keys(description.body.paths).filter((path) => path.includes('oauth2'))).toEqual([])
})
