/** What a client asks of a webhook (wire.md §3). Whatever else stands in such a document is ignored, as Patreon does. */
import { z } from 'zod'
import { triggersPerWebhookLimit, type Webhook } from '../../domain/webhook.ts'
import { destinationIn } from '../api/destinations.ts'
import type { ApiTools } from '../api/tools.ts'
import { documentIn, partAt, wrong } from './asked.ts'

/** A webhook that is to be made. */
export type Wish = { campaignId: string; uri: string; triggers: string[]; isPaused: boolean }

/** What is to become of one; what is left out stays. */
export type Change = { changed: Partial<Pick<Webhook, 'uri' | 'triggers'>>; pause: boolean | null }

type Tools = Pick<ApiTools, 'catalogue' | 'destinations' | 'mayReach'>

// A sample of Patreon's own writes "false" as a text.
const pausedShape = z.union([z.boolean(), z.enum(['true', 'false'])]).transform((paused) => String(paused) === 'true')

// Clients write ids as numbers, too.
const idShape = z.union([z.string(), z.number()]).transform(String)

const attributes = {
  uri: z.string(),
  triggers: z.array(z.string()).min(1).max(triggersPerWebhookLimit),
  paused: pausedShape.optional(),
}

const wishShape = z.object({
  data: z.object({
    type: z.literal('webhook'),
    attributes: z.object(attributes),
    relationships: z.object({ campaign: z.object({ data: z.object({ id: idShape }) }) }),
  }),
})

const changeShape = z.object({
  data: z.object({ type: z.literal('webhook'), id: idShape.optional(), attributes: z.object(attributes).partial() }),
})

/** Reads the webhook that a client wants to make. */
export async function wishIn(body: unknown, tools: Tools): Promise<Wish> {
  const { data } = documentIn(body, wishShape)
  const { triggers, paused } = data.attributes
  const uri = placeIn(data.attributes.uri, tools)
  await mustBePatreons(triggers, tools)
  const campaignId = data.relationships.campaign.data.id
  return { campaignId, uri, triggers: [...new Set(triggers)], isPaused: paused === true }
}

/** Reads how a client wants to change one. */
export async function changeIn(body: unknown, id: string, tools: Tools): Promise<Change> {
  const { data } = documentIn(body, changeShape)
  if (data.id !== undefined && data.id !== id) throw wrong('data.id', `${id}, as in the path`)
  const { uri, triggers, paused } = data.attributes
  if (triggers !== undefined) await mustBePatreons(triggers, tools)
  const changed = {
    ...(uri === undefined ? {} : { uri: placeIn(uri, tools) }),
    ...(triggers === undefined ? {} : { triggers: [...new Set(triggers)] }),
  }
  return { changed, pause: paused ?? null }
}

/** Nearly as on Patreon, where only https will do: where receivers may be on this machine, they need no certificate. */
function placeIn(given: string, tools: Tools): string {
  const uri = partAt('data.attributes.uri', () => destinationIn(given, tools))
  if (tools.destinations.allowsLocalNames || uri.startsWith('https:')) return uri
  throw wrong('data.attributes.uri', 'an https URI')
}

/** Kittens and an operator's own events belong to no campaign. */
async function mustBePatreons(triggers: readonly string[], { catalogue }: Tools): Promise<void> {
  const known = (await catalogue.list()).map(({ name }) => name).filter((name) => ofPatreon.test(name))
  if (triggers.every((trigger) => known.includes(trigger))) return
  throw wrong('data.attributes.triggers', `any of ${known.join(', ')}`)
}

const ofPatreon = /^(?:members|pledges|posts):/
