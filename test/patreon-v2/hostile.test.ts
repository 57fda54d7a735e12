import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attributeTypes } from './attribute-types.ts'
import { aPost, aScene } from './scene.ts'

const name = fc.oneof(
  fc.constantFrom(
    'user',
    'member',
    'members',
    'campaign',
    'tiers',
    'memberships',
    'address',
    'pledge_history',
    'goals',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', '', '.', ',', '[', ']', '%', '%00', 'null'),
  fc.constantFrom(...Object.values(attributeTypes).flatMap((attributes) => Object.keys(attributes))),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const path = fc.array(name, { maxLength: 7 }).map((names) => names.join('.'))
const value = fc.oneof(
  fc.array(path, { maxLength: 8 }).map((paths) => paths.join(',')),
  fc.nat().map((number) => Buffer.from(String(number)).toString('base64url')),
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const key = fc.oneof(
  fc.constantFrom('include', 'page[count]', 'page[size]', 'page[cursor]', 'sort', 'fields'),
  name.map((type) => `fields[${type}]`),
)
const written = fc.oneof(
  fc.tuple(key, value).map(([one, other]) => `${encodeURIComponent(one)}=${encodeURIComponent(other)}`),
  fc.tuple(key, value).map(([one, other]) => `${one}=${other}`.replaceAll(/[^\x21-\x7e]|#/g, '%')),
)
const query = fc.array(written, { maxLength: 6 }).map((parts) => parts.join('&'))

test('whatever is asked, the answer is a document or an error in Patreon’s form, and never our mistake', async () => {
  const scene = await aScene()
  const post = await aPost(scene.records, scene.comics, 'Page one')
  const places = [
    '/identity',
    '/campaigns',
    ...['', '/members', '/posts'].map((rest) => `/campaigns/${scene.comics.id}${rest}`),
    `/members/${scene.members.pat.id}`,
    `/posts/${post.id}`,
    '/members/%20',
    '/nowhere',
  ]

  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), query, async (place, asked) => {
      const { status, body } = await scene.get<unknown>(`${place}?${asked}`, scene.creators)

      expect([200, 400, 404]).toContain(status)
      if (status === 200) expect(body).toHaveProperty('data')
      else expect(body.errors?.[0]).toMatchObject({ status: String(status), id: expect.any(String) })
    }),
    { numRuns: 1_000 },
  )
})
