import fastify from 'fastify'
import { expect, test } from 'vitest'
import { systemRandom } from '#src/clock.ts'
import { Refusal } from '#src/domain/refusal.ts'
import { noLimits } from '#src/http/patreon/limits.ts'
import { patreonV1 } from '#src/http/patreon-v1/routes.ts'
import { readCalls } from '#src/http/patreon-v2/calls.ts'
import { patreonV2 } from '#src/http/patreon-v2/routes.ts'
import type { Store } from '#src/store/store.ts'
import { handClock } from '../hand-clock.ts'

/** Both APIs over a store that answers every question with this. */
async function aBrokenDoor(error: Error) {
  const findAccess = () => Promise.reject(error)
  const store = { read: { authorizations: { findAccess } } } as unknown as Store
  const log = { isLevelEnabled: () => false, debug() {}, info() {}, warn() {}, error() {} }
  const linkBase = 'https://tidings.test'
  const tools = { store, clock: handClock(), random: systemRandom, log, linkBase, limits: noLimits }
  const app = fastify()
  await app.register(patreonV1(tools), { prefix: '/oauth2/api' })
  await app.register(patreonV2(readCalls(tools), tools), { prefix: '/oauth2/v2' })
  return app
}

test.each([
  [new Error('the disk is gone'), 500, 'InternalServerError', undefined],
  [new Refusal('unavailable', { message: 'Not now.', retryAfterSeconds: 7 }), 503, 'ServiceUnavailable', '7'],
])('what is not the caller’s fault is told in Patreon’s form as well: %s', async (error, status, name, retryAfter) => {
  const app = await aBrokenDoor(error)

  for (const url of ['/oauth2/api/current_user', '/oauth2/v2/identity']) {
    const answer = await app.inject({ url, headers: { authorization: 'Bearer a' } })
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([status, retryAfter])
    expect(answer.json()).toMatchObject({ errors: [{ code_name: name, status: String(status) }] })
    expect(answer.body).not.toContain('disk')
  }
})
