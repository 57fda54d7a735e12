import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, describe, expect, test } from 'vitest'
import { aClient, aCreator, aPerson, make } from '../people.ts'
import { aWorld } from '../world.ts'

const running: ChildProcessByStdio<null, Readable, null>[] = []

afterEach(() => {
  for (const child of running.splice(0)) child.kill()
})

/** Starts the Python receiver and says what it prints, line by line. */
async function aPythonReceiver(clientSecret: string) {
  const child = spawn('python3', [new URL('./page_receiver.py', import.meta.url).pathname], {
    env: { ...process.env, CLIENT_SECRET: clientSecret },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const says = async () => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('the receiver ended; is python3 installed?')
    return JSON.parse(String(value)) as Record<string, unknown>
  }
  const { port } = await says()
  return { uri: `http://127.0.0.1:${String(port)}/`, says }
}

describe('a receiver in Python that was written from the page alone', () => {
  test('verifies somebody becoming a patron, editing and cancelling', async () => {
    const world = await aWorld()
    const creator = await aCreator(world, 'ada')
    const client = await aClient(world, creator.key)
    const { uri, says } = await aPythonReceiver(client.secret)
    const triggers = ['pledges:create', 'pledges:update', 'pledges:delete']
    await make(world, '/api/v1/webhooks', { client_id: client.id, uri, triggers, signing_key: 'client' })
    const zoe = await aPerson(world, 'zoë')

    const path = `/api/v1/campaigns/${creator.campaign.id}/pledges`
    const { id } = await make(world, path, { amount_cents: 500 }, zoe.key)
    expect(await says()).toEqual({ trigger: 'pledges:create', verified: true, amount_cents: 500 })
    const edited = await world.call('PATCH', `/api/v1/pledges/${id}`, { as: zoe.key, body: { amount_cents: 700 } })
    expect(await says()).toEqual({ trigger: 'pledges:update', verified: true, amount_cents: 700 })
    await world.call('DELETE', `/api/v1/pledges/${String(edited.body['id'])}`, { as: zoe.key })
    expect(await says()).toEqual({ trigger: 'pledges:delete', verified: true, amount_cents: 700 })
  })

  test('refuses what was signed with another secret', async () => {
    const world = await aWorld()
    const creator = await aCreator(world, 'ada')
    const client = await aClient(world, creator.key)
    const { uri, says } = await aPythonReceiver('another secret')
    await make(world, '/api/v1/webhooks', {
      client_id: client.id,
      uri,
      triggers: ['pledges:create'],
      signing_key: 'client',
    })
    const pat = await aPerson(world, 'pat')

    await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, { amount_cents: 500 }, pat.key)

    expect(await says()).toMatchObject({ verified: false })
  })
})
