import { describe, expect, test } from 'vitest'
import { patreonSignature } from '#src/domain/signature.ts'
import { hours, minutes, seconds } from '#src/domain/time.ts'
import { aCreator, aPerson, aWebhook, make } from '../people.ts'
import { tokensFor } from '../tokens.ts'
import { aPatreonWebhook, aPlatform, ask, change, path, pledges, wish } from './platform.ts'

describe('a webhook that was made by Patreon’s API', () => {
  test('hears what happens to its campaign, signed with its own secret', async () => {
    const platform = await aPlatform()
    const receiver = await platform.world.aReceiver()
    const { attributes } = await aPatreonWebhook(platform, receiver.uri)

    await pledges(platform.world, platform)
    await platform.world.quiet()

    const [received] = receiver.received
    const secret = String(attributes['secret'])
    expect(received?.headers).toMatchObject({
      'X-Patreon-Event': 'pledges:create',
      'X-Patreon-Signature': patreonSignature(secret, received?.body ?? Buffer.from('')),
    })
  })

  test('hears a campaign whose creator let in somebody else’s client; that client’s other webhooks don’t', async () => {
    const { world, client } = await aPlatform()
    const [mel, patron] = [await aCreator(world, 'mel'), await aPerson(world, 'zoe')]
    const wish = { clientId: client.id, accountId: mel.id, scopes: ['w:campaigns.webhook'] } as const
    const [token = ''] = await tokensFor(world, [wish])
    const [own, page] = [await world.aReceiver(500, 200), await world.aReceiver()]
    await aPatreonWebhook({ world, creator: mel, token }, own.uri)
    await aWebhook(world, client, { receiver: page, triggers: ['pledges:create'] })

    await pledges(world, { creator: mel, patron })
    await world.pass(hours(1))

    // The second time it is judged anew whether it may still hear this.
    expect([own.received.length, page.received.length]).toEqual([2, 0])
  })

  test('that was made paused never hears anything before it is resumed, however much happens meanwhile', async () => {
    const platform = await aPlatform()
    const { world, creator, token } = platform
    const receiver = await world.aReceiver()
    const happens = () => make(world, '/api/v1/events', { tenant: creator.tenant, trigger: 'pledges:create', body: 1 })
    const body = wish(receiver.uri, creator.campaign.id, { paused: true })
    const making = ask(world, 'POST', path, { as: token, body })

    await Promise.all([making, ...Array.from({ length: 20 }, happens)])
    await happens()
    await world.pass(hours(1))
    const heldBack = receiver.received.length
    const { id, attributes } = (await making).body.data
    await ask(world, 'PATCH', `${path}/${id}`, { as: token, body: change(id, { paused: false }) })
    await world.quiet()

    expect([attributes['paused'], heldBack]).toEqual([true, 0])
    expect(receiver.received.length).toBeGreaterThan(0)
  })

  test('is paused and resumed by a word or a truth value; what it would have heard comes then', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const receiver = await world.aReceiver()
    const { id } = await aPatreonWebhook(platform, receiver.uri)

    const paused = await ask(world, 'PATCH', `${path}/${id}`, { as: token, body: change(id, { paused: true }) })
    await pledges(world, platform)
    await world.pass(hours(1))
    const heldBack = receiver.received.length
    const resumed = await ask(world, 'PATCH', `${path}/${id}`, { as: token, body: change(id, { paused: 'false' }) })

    expect([paused.body.data.attributes['paused'], heldBack]).toEqual([true, 0])
    expect(receiver.received).toHaveLength(1)
    expect(resumed.body.data.attributes).toMatchObject({ paused: false, num_consecutive_times_failed: 0 })
    expect(resumed.body.data.attributes['last_attempted_at']).toMatch(/\+00:00$/)
    expect(resumed.body.meta.report).toEqual({
      attempted: true,
      status: 200,
      in_words: 'The receiver accepted it (200).',
    })
  })

  test('tells how often it failed in a row, and on being resumed what its receiver says now', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const receiver = await world.aReceiver(500, 503, 200)
    const { id } = await aPatreonWebhook(platform, receiver.uri)
    await pledges(world, platform)
    await world.quiet()
    const query = `${path}/${id}?fields[webhook]=num_consecutive_times_failed,paused`
    const failing = await ask(world, 'GET', query, { as: token })

    const resume = () => ask(world, 'PATCH', `${path}/${id}`, { as: token, body: change(id, { paused: false }) })
    const first = await resume()
    const second = await resume()

    expect(failing.body.data.attributes).toEqual({ num_consecutive_times_failed: 1, paused: false })
    expect(first.body.meta.report).toMatchObject({ attempted: true, status: 503 })
    expect(first.body.data.attributes).toMatchObject({ num_consecutive_times_failed: 1 })
    expect(second.body.meta.report).toMatchObject({ attempted: true, status: 200 })
    expect(second.body.data.attributes).toMatchObject({ num_consecutive_times_failed: 0 })
    expect(receiver.received).toHaveLength(3)
  })

  test('reports nothing when nothing waited for it', async () => {
    const platform = await aPlatform()
    const { id } = await aPatreonWebhook(platform, 'https://app.example.com/hooks')

    const { body } = await ask(platform.world, 'PATCH', `${path}/${id}`, {
      as: platform.token,
      body: change(id, { paused: false }),
    })

    expect(body.meta.report).toEqual({ attempted: false, status: null, in_words: 'Nothing waited for this webhook.' })
  })

  test('is resumed though its receiver does not answer: after ten seconds that is what is reported', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const receiver = await world.aReceiver(500, 'hang')
    const { id } = await aPatreonWebhook(platform, receiver.uri)
    await pledges(world, platform)
    await world.quiet()

    const resuming = ask(world, 'PATCH', `${path}/${id}`, { as: token, body: change(id, { paused: false }) })
    await receiver.hears(2)
    await world.pass(seconds(10))

    const { status, body } = await resuming
    expect([status, body.meta.report.attempted]).toEqual([200, false])
    expect(body.meta.report.in_words).toContain('within 10 seconds')
    await world.pass(minutes(1))
  })

  test('is sent what waits at its new place when it moves and is resumed in one', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const [old, next] = [await world.aReceiver(500), await world.aReceiver()]
    const { id } = await aPatreonWebhook(platform, old.uri)
    await pledges(world, platform)
    await world.quiet()

    const body = change(id, { uri: next.uri, paused: false })
    const moved = await ask(world, 'PATCH', `${path}/${id}`, { as: token, body })

    expect(moved.body.meta.report).toMatchObject({ attempted: true, status: 200 })
    expect([old.received.length, next.received.length]).toEqual([1, 1])
  })
})
