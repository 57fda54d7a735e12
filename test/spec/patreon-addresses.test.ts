// Libraries have one or the other of Patreon's hosts written into them, some with a slash at the end, and each sends
// content types of its own.
import { expect, test } from 'vitest'
import { type AClient, make } from '../people.ts'
import { aPatreonWebhook, aPlatform, ask, change, pledges, wish } from './platform.ts'

const hook = 'https://app.example.com/hooks'
const prefixes = ['/api/oauth2', '/oauth2']

const scopes = [
  ...(['identity', 'identity.memberships', 'campaigns', 'campaigns.members', 'campaigns.posts'] as const),
  ...(['w:campaigns.webhook', 'w:identity.clients'] as const),
]

/** A server on which each call that reads has something to read, and where that is. */
async function aFullPlatform() {
  const platform = await aPlatform(scopes)
  const { world, creator, client, token } = platform
  const { id } = creator.campaign
  await pledges(world, platform)
  const post = await make(world, `/api/v1/campaigns/${id}/posts`, { title: 'Hello' }, creator.key)
  const webhook = await aPatreonWebhook(platform, hook)
  const members = await ask<{ id: string }[]>(world, 'GET', `/api/oauth2/v2/campaigns/${id}/members`, { as: token })
  const reads = readsOf({ id, post: post.id, webhook: webhook.id, member: members.body.data[0]?.id ?? '', client })
  return { ...platform, reads }
}

type Things = { id: string; post: string; webhook: string; member: string; client: AClient }

const readsOf = ({ id, post, webhook, member, client }: Things): string[] => [
  ...['/api/current_user', '/api/current_user/campaigns', `/api/campaigns/${id}`, `/api/campaigns/${id}/pledges`],
  ...['/v2/identity', '/v2/campaigns', `/v2/campaigns/${id}`, `/v2/campaigns/${id}/members`, `/v2/members/${member}`],
  ...[`/v2/campaigns/${id}/posts`, `/v2/posts/${post}`],
  ...['/v2/webhooks', `/v2/webhooks/${webhook}`, '/v2/clients', `/v2/clients/${client.clientId}`],
]

test('every call that reads answers alike at both addresses, with a slash at the end or without, and to HEAD without a body', async () => {
  const { world, token: as, reads } = await aFullPlatform()

  for (const read of reads) {
    const asked = { as, headers: { accept: 'application/json' } }
    const usual = await world.call('GET', `/api/oauth2${read}`, asked)
    expect([read, usual.status, Object.keys(usual.body)]).toEqual([read, 200, expect.arrayContaining(['data'])])

    for (const at of prefixes.flatMap((prefix) => [`${prefix}${read}`, `${prefix}${read}/`])) {
      const [got, head] = [await world.call('GET', at, asked), await world.call('HEAD', at, asked)]
      expect([at, got.status, got.body]).toEqual([at, 200, usual.body])
      expect([at, head.status, head.body]).toEqual([at, 200, ''])
      for (const name of ['content-type', 'content-length', 'cache-control']) {
        expect([at, name, head.headers.get(name)]).toEqual([at, name, usual.headers.get(name)])
      }
    }
  }
})

test('the type of JSON:API may be asked for and sent, as well as JSON’s', async () => {
  const { world, token: as, creator } = await aPlatform(scopes)
  const types = ['application/json', 'application/vnd.api+json', 'application/json; charset=utf-8']

  for (const type of types) {
    for (const prefix of prefixes) {
      const headers = { accept: `${type}, text/plain;q=0.5`, 'content-type': type }
      const [hooks, clients] = [`${prefix}/v2/webhooks`, `${prefix}/v2/clients`]
      const made = await ask(world, 'POST', hooks, { as, headers, body: wish(hook, creator.campaign.id) })
      const { id } = made.body.data
      const changed = await ask(world, 'PATCH', `${hooks}/${id}/`, {
        as,
        headers,
        body: change(id, { uri: `${hook}/2` }),
      })
      const deleted = await ask(world, 'DELETE', `${hooks}/${id}`, { as, headers })
      const client = { data: { type: 'client', attributes: { name: 'Another', redirect_uris: hook } } }
      const added = await ask(world, 'POST', `${clients}/`, { as, headers, body: client })
      const gone = await ask(world, 'DELETE', `${clients}/${added.body.data.id}/`, { as, headers })

      const answers = [made, changed, deleted, added, gone].map(({ status }) => status)
      expect([prefix, type, answers]).toEqual([prefix, type, [201, 200, 204, 201, 204]])
      expect(changed.body.data.attributes['uri']).toBe(`${hook}/2`)
      expect(made.headers.get('content-type')).toBe('application/vnd.api+json')
    }
  }
})
