import { expect, test } from 'vitest'
import { hours } from '#src/domain/time.ts'
import { make } from '../people.ts'
import { aPlatform, path, pledges, wish } from './platform.ts'

test.each([
  [['w:campaigns.webhook'], false],
  [['w:campaigns.webhook', 'campaigns.members[email]'], true],
] as const)(
  'a receiver whose client has the scopes %j is told of e-mail addresses, at every attempt: %s',
  async (scopes, isTold) => {
    const platform = await aPlatform(scopes)
    const { world, creator, token } = platform
    const receiver = await world.aReceiver(500, 200)
    await make(world, path, wish(receiver.uri, creator.campaign.id, { triggers: ['members:create'] }), token)

    await pledges(world, platform)
    await world.pass(hours(1))

    const bodies = receiver.received.map(({ body }) => String(body))
    expect(bodies).toHaveLength(2)
    expect(bodies[0]).toBe(bodies[1])
    expect(bodies[0]?.includes('pat@example.test')).toBe(isTold)
  },
)
