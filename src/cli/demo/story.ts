/** A patron comes, changes their mind, and goes: three deliveries, each followed to its end. */
import type { Clock } from '../../clock.ts'
import { type Duration, seconds } from '../../domain/time.ts'
import { type Api, answerOf, type Schemas } from '../api.ts'
import type { Heard, Receiver } from './receiver-process.ts'

/** On one machine a delivery takes milliseconds. Who waits longer than this is told that it did not come. */
const patience: Duration = seconds(10)

/** Between two looks at a delivery that is being settled. */
const glance: Duration = 10

/** One part of the story: what the receiver heard, and what Tidings wrote down; null where nothing came in time. */
export type Chapter = {
  trigger: string
  heard: Heard | null
  delivery: Schemas['DeliveryWithAttempts'] | null
}

type Tools = { api: Api; clock: Clock; receiver: Receiver; signal: AbortSignal }
type Cast = { campaign: Schemas['Campaign']; patronId: string; webhookId: string }

/** Tells the story; each chapter is handed out as soon as it has happened. */
export async function* story({ campaign, patronId, webhookId }: Cast, tools: Tools): AsyncGenerator<Chapter> {
  const { api } = tools
  const [first, second] = campaign.tiers.map(({ id, amount_cents }) => ({ tier_id: id, amount_cents }))
  if (first === undefined || second === undefined) throw new Error('the demo’s campaign has three tiers')

  const path = { id: campaign.id }
  const pledge = api.POST('/api/v1/campaigns/{id}/pledges', {
    params: { path },
    body: { ...first, patron_id: patronId },
  })
  const { id: pledgeId } = await answerOf(pledge)
  yield await chapter({ trigger: 'pledges:create', about: pledgeId, webhookId }, tools)

  const edit = api.PATCH('/api/v1/pledges/{id}', { params: { path: { id: pledgeId } }, body: second })
  // An edit gives a pledge a new id, as on Patreon.
  const { id: editedId } = await answerOf(edit)
  yield await chapter({ trigger: 'pledges:update', about: editedId, webhookId }, tools)

  await answerOf(api.DELETE('/api/v1/pledges/{id}', { params: { path: { id: editedId } } }))
  yield await chapter({ trigger: 'pledges:delete', about: editedId, webhookId }, tools)
}

type Expected = { trigger: string; about: string; webhookId: string }

async function chapter({ trigger, about, webhookId }: Expected, tools: Tools): Promise<Chapter> {
  const { clock, receiver } = tools
  const enough = new AbortController()
  const signal = AbortSignal.any([tools.signal, enough.signal])
  const isIt = (heard: Heard) => heard.event === trigger && (heard.about === about || !heard.verified)
  const waiting = clock.sleepUntil(clock.now() + patience, signal).then(() => enough.abort())

  const heard = await receiver.next(isIt, signal)
  const delivery = heard === null ? null : await settled({ heard, webhookId, signal }, tools)
  enough.abort()
  await waiting
  return { trigger, heard, delivery }
}

/** The receiver knows of a delivery before it is written down how it ended. */
async function settled(
  { heard, webhookId, signal }: { heard: Heard; webhookId: string; signal: AbortSignal },
  { api, clock }: Tools,
): Promise<Chapter['delivery']> {
  const eventId = headerOf(heard, 'webhook-id').split('~', 1)[0] ?? ''
  const query = { event_id: eventId, webhook_id: webhookId }
  while (!signal.aborted) {
    const { data } = await answerOf(api.GET('/api/v1/deliveries', { params: { query } }))
    const [delivery] = data.filter(({ attempts_made }) => attempts_made > 0)
    if (delivery !== undefined) {
      return await answerOf(api.GET('/api/v1/deliveries/{id}', { params: { path: { id: delivery.id } } }))
    }
    await clock.sleepUntil(clock.now() + glance, signal)
  }
  return null
}

/** A header of a delivery; empty when it was not there. */
function headerOf({ headers }: Heard, name: string): string {
  const at = headers.findIndex((one, index) => index % 2 === 0 && one.toLowerCase() === name)
  return at === -1 ? '' : (headers[at + 1] ?? '')
}
