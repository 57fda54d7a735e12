import { expect, onTestFinished, test } from 'vitest'
import { systemRandom } from '#src/clock.ts'
import { type Audience, campaignTenant } from '#src/domain/event.ts'
import { patreonSignature } from '#src/domain/signature.ts'
import { minutes, seconds } from '#src/domain/time.ts'
import { createCampaign } from '#src/membership/campaigns.ts'
import { startEngine } from '#src/pipeline/engine.ts'
import { endOfTurn } from '#src/pipeline/turn.ts'
import { registerWebhook } from '#src/registration/webhooks.ts'
import { type Answering, aReceiver } from '../receiver.ts'
import { aSqlitePlace } from '../store/place.ts'
import { aStage, now, tell, tenant, toldApart } from '../store/stage.ts'
import { aSender } from '../transport/transports.ts'

/** An engine over a store, and a webhook for each audience. */
async function aHouse(audiences: readonly Audience[], ...answering: Answering[]) {
  const place = await aSqlitePlace()
  const { clock, transport } = aSender()
  const { clientId, accountId, store, journal } = await aStage(place)
  const about = { vanity: 'ada', creationName: 'comics', summary: '', isMonthly: true }
  const actor = { accountId, isOperator: false }
  const campaign = await store.execute(createCampaign, { actor, creatorId: accountId, ...about }, now)
  const complain = (message: string, error: unknown) => {
    throw new Error(message, { cause: error })
  }
  const clocks = { clock, machine: clock, steady: clock }
  const tools = { store, journal, transport, ...clocks, random: systemRandom, endOfTurn, log: complain }
  const engine = startEngine({ ...tools, attempted: () => {} })
  onTestFinished(async () => {
    await engine.stop()
    await place.close()
  })

  const webhooks = []
  for (const audience of audiences) {
    const receiver = await aReceiver(clock, ...answering)
    onTestFinished(() => receiver.close())
    const kept = { signingKey: 'webhook', schedule: 'standard', origin: 'page', audience, isPaused: false } as const
    const wish = { clientId, tenant: null, uri: receiver.uri, triggers: [toldApart.trigger], ...kept }
    webhooks.push({ receiver, ...(await store.execute(registerWebhook, wish, now)) })
  }
  const own = campaignTenant(campaign.id)
  const happens = (tenant = own) => store.execute(tell, { ...toldApart, tenant, clientId }, now)
  return { clock, webhooks, happens }
}

test('each receiver is sent, and signed, what its webhook may be told of people', async () => {
  const { webhooks, happens } = await aHouse([0, 1, 2, 3])

  await happens()
  await Promise.all(webhooks.map(({ receiver }) => receiver.hears(1)))

  const received = webhooks.flatMap(({ receiver }) => receiver.received)
  expect(received.map(({ body }) => String(body))).toEqual([
    '"plain"',
    '"with e-mail"',
    '"with address"',
    '"with both"',
  ])
  expect(received.map(({ headers }) => headers['X-Patreon-Signature'])).toEqual(
    webhooks.map(({ secret }, index) => patreonSignature(secret, received[index]?.body ?? Buffer.from(''))),
  )
})

test('a receiver that is asked again is sent the very same body, though the event is read back for it', async () => {
  const { clock, webhooks, happens } = await aHouse([1], 500, 200)
  const [webhook] = webhooks

  await happens()
  await webhook?.receiver.hears(1)
  const startedAt = clock.now()
  // The retry is due once the failure is written down; how many turns that takes is up to the disk.
  while (webhook?.receiver.received.length === 1 && clock.now() < startedAt + minutes(60)) {
    clock.pass(seconds(0.01))
    await new Promise((resolve) => setImmediate(resolve))
  }

  expect(webhook?.receiver.received.map(({ body }) => String(body))).toEqual(['"with e-mail"', '"with e-mail"'])
})

test('of a tenant that an operator let its client see, a webhook is told no more than anybody', async () => {
  const { webhooks, happens } = await aHouse([3])
  const [webhook] = webhooks

  await happens(tenant)
  await webhook?.receiver.hears(1)
  await happens()
  await webhook?.receiver.hears(2)

  expect(webhook?.receiver.received.map(({ body }) => String(body))).toEqual(['"plain"', '"with both"'])
})
