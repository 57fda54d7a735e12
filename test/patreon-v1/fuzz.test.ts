import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aSite } from './site.ts'

const words = fc.constantFrom(
  ...['user', 'campaign', 'pledges', 'creator', 'rewards', 'null', 'patron', 'full_name', 'email', 'status', 'kittens'],
  ...[
    'created',
    '-updated',
    '2017-08-01',
    '2017-08-01T12:00:00+00:00',
    '2017-08-01T12:00:00.250000000000000000007+00:00',
  ],
  ...['0', '1', '500', '999999999999', '-1', '1e3', 'false', '__proto__', 'constructor', 'toString', '.', ',', ''],
)
const value = fc.oneof(
  fc.array(words, { maxLength: 6 }).map((parts) => parts.join(',')),
  fc.array(words, { maxLength: 6 }).map((parts) => parts.join('.')),
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll(/[\ud800-\udfff]/g, '')),
)
const name = fc.oneof(
  fc.constantFrom(...['include', 'includes', 'json-api-use-default-includes', 'sort', 'page[count]', 'page[cursor]']),
  fc.constantFrom(
    ...['fields[user]', 'fields[pledge]', 'fields[campaign]', 'fields[__proto__]', 'fields[]', 'page', '__proto__'],
  ),
  fc.string({ unit: 'binary', maxLength: 10 }).map((text) => text.replaceAll(/[\ud800-\udfff]/g, '')),
)
const query = fc
  .array(fc.tuple(name, value), { maxLength: 5 })
  .map((pairs) => pairs.map(([key, text]) => `${encodeURIComponent(key)}=${encodeURIComponent(text)}`).join('&'))
const id = fc.oneof(fc.constantFrom('1', '2', '9'), fc.string({ minLength: 1, maxLength: 20 }).map(encodeURIComponent))
const path = fc.oneof(
  fc.constantFrom('/current_user', '/current_user/campaigns'),
  id.map((one) => `/campaigns/${one}`),
  id.map((one) => `/campaigns/${one}/pledges`),
)

test('whatever a query says, the answer is a document or a refusal in Patreon’s form', async () => {
  const site = await aSite()
  const tokens = [await site.aToken(site.creator), await site.aToken(site.pat), 'made-up']

  await fc.assert(
    fc.asyncProperty(path, query, fc.constantFrom(...tokens), async (where, asked, token) => {
      const { status, body } = await site.get<Record<string, unknown>>(`${where}?${asked}`, token)

      if (status === 200) {
        expect(body).toHaveProperty('data')
        expect(Array.isArray(body['included'])).toBe(true)
        return
      }
      expect([400, 401, 403, 404]).toContain(status)
      expect(body).toMatchObject({ errors: [{ status: String(status) }] })
    }),
    { numRuns: 500 },
  )
})
