import { describe, expect, test } from 'vitest'
import { aClient, aCreator, aPerson } from '../people.ts'
import { tokensFor } from '../tokens.ts'
import { aWorld } from '../world.ts'

type Thing = {
  type: string
  id: string
  attributes: Record<string, unknown>
  relationships?: Record<string, { data: unknown }>
}

const png = Buffer.from('\x89PNG\r\n\x1a\nand so on', 'latin1')
const picture = (bytes = png) => ({ file_name: 'front row.png', base64: bytes.toString('base64') })

/** A creator, where a tier's picture is put, and what v2 says of that tier. */
async function aTier() {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const client = await aClient(world, creator.key)
  const wish = { accountId: creator.id, clientId: client.id, scopes: ['campaigns'] as const }
  const [token = ''] = await tokensFor(world, [wish])
  const path = `/api/v1/tiers/${creator.small.id}/image`

  const told = async () => {
    const fields = 'fields[tier]=image_url&fields[media]=file_name,mimetype,size_bytes,download_url,owner_id'
    const url = `/api/oauth2/v2/campaigns?include=tiers.tier_image&${fields}`
    const { included } = (await world.call<{ included: Thing[] }>('GET', url, { as: token })).body
    return {
      tier: included.find(({ id, type }) => type === 'tier' && id === creator.small.id),
      media: included.filter(({ type }) => type === 'media'),
    }
  }
  return { world, creator, path, told }
}

describe('a tier’s picture', () => {
  test('is told of as the tier’s image and as media, and is there for everybody', async () => {
    const { world, creator, path, told } = await aTier()

    const added = await world.call<{ id: string; url: string }>('PUT', path, { as: creator.key, body: picture() })

    const { id, url } = added.body
    expect(added).toMatchObject({ status: 200, body: { mimetype: 'image/png', size_bytes: png.length } })
    const attributes = { file_name: 'front row.png', mimetype: 'image/png', size_bytes: png.length }
    expect(await told()).toMatchObject({
      tier: { attributes: { image_url: url }, relationships: { tier_image: { data: { type: 'media', id } } } },
      media: [{ id, attributes: { ...attributes, download_url: url, owner_id: creator.small.id } }],
    })
    const answer = await fetch(world.server.url + new URL(url).pathname)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    expect(Buffer.from(await answer.arrayBuffer()).equals(png)).toBe(true)
  })

  test('takes the place of the one before, and can be taken away', async () => {
    const { world, creator, path, told } = await aTier()
    const urls: string[] = []
    for (const bytes of [png, Buffer.from('GIF89a, moving')]) {
      const { body } = await world.call<{ url: string }>('PUT', path, { as: creator.key, body: picture(bytes) })
      urls.push(new URL(body.url).pathname)
    }
    const statuses = async () => await Promise.all(urls.map(async (url) => (await world.call('GET', url)).status))
    expect(await statuses()).toEqual([404, 200])
    expect((await told()).media).toMatchObject([{ attributes: { mimetype: 'image/gif' } }])

    expect((await world.call('DELETE', path, { as: creator.key })).status).toBe(204)

    expect(await statuses()).toEqual([404, 404])
    expect(await told()).toMatchObject({
      tier: { attributes: { image_url: null }, relationships: { tier_image: { data: null } } },
      media: [],
    })
  })

  test.each([
    ['a text', picture(Buffer.from('<svg onload="alert(1)">')), 422],
    ['nothing', picture(Buffer.alloc(0)), 422],
    ['too large a picture', picture(Buffer.concat([png, Buffer.alloc(256 * 1024)])), 422],
    ['no Base64', { file_name: 'a.png', base64: '?' }, 422],
    ['no name', { ...picture(), file_name: '' }, 422],
  ])('is not %s', async (_what, body, status) => {
    const { world, creator, path, told } = await aTier()

    expect(await world.call('PUT', path, { as: creator.key, body })).toMatchObject({
      status,
      body: { error: { code: 'field_invalid' } },
    })
    expect((await told()).media).toEqual([])
  })

  test('is the creator’s to choose', async () => {
    const { world, path } = await aTier()
    const mel = await aPerson(world, 'mel')

    expect((await world.call('PUT', path, { as: mel.key, body: picture() })).status).toBe(403)
    expect((await world.call('DELETE', path, { as: mel.key })).status).toBe(403)
    for (const nowhere of ['/media/999', '/media/me'])
      expect((await world.call('GET', nowhere, { as: null })).status).toBe(404)
  })
})
