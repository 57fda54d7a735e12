import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CampaignStanding, largestPledgeCents, type Pledge, smallestPledgeCents } from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'
import { Refusal } from '../domain/refusal.ts'
import { errorsAddress } from '../oauth/answer.ts'
import { type Arrival, arrivalOf } from './arrival.ts'
import { becomePatronPage } from './become-patron.ts'
import { creatorNameOf } from './campaign-called.ts'
import { makeOrEdit } from './campaign-steps.ts'
import { addressBefore } from './destination.ts'
import { fieldIn } from './fields.ts'
import { refusalFrom } from './form-refusal.ts'
import { fieldsFor, fieldsSent, type PledgeFields, termsIn } from './pledge-form.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { actorOf, visitOf } from './visit.ts'

type Here = Extract<Arrival, { kind: 'here' }>

/** Somebody who may pledge, or who goes elsewhere: to the consent when they pledge enough already. */
type Step = { kind: 'pledge'; here: Here; pledging: Pledging } | Extract<Arrival, { kind: 'elsewhere' }>
type Pledging = { standing: CampaignStanding; current: Pledge | null; smallestCents: number }

/** Log in, pledge and consent in one flow (wire.md §4.1). */
export function becomePatronRoutes(app: FastifyInstance, tools: PageTools): void {
  app.get('/oauth2/become-patron', async (request, reply) => {
    const step = await stepOf(request, tools)
    if (step.kind === 'elsewhere') return seeOther(reply, step.address)
    return await show({ request, reply }, tools, {
      ...step,
      fields: fieldsFor(step.pledging.current, ''),
      refusal: null,
    })
  })

  app.post('/oauth2/become-patron', { preHandler: app.csrfProtection }, async (request, reply) => {
    const step = await stepOf(request, tools)
    if (step.kind === 'elsewhere') return seeOther(reply, step.address)
    const { here, pledging } = step
    const fields = fieldsSent(request.body)
    const refusal = await refusalFrom(async () => {
      mustReach(fields, pledging)
      const { standing, current } = pledging
      const sent = { actor: actorOf(here.account), visitor: { pledge: current, member: null }, standing }
      await makeOrEdit({ ...sent, body: request.body }, tools)
    })
    if (refusal !== null) return await show({ request, reply }, tools, { ...step, fields, refusal })
    return seeOther(reply, consentAddress(here))
  })
}

async function stepOf(incoming: FastifyRequest, tools: PageTools): Promise<Step> {
  const here = await arrivalOf(incoming, tools)
  if (here.kind === 'elsewhere') return here
  const { memberships } = tools.store.read
  const smallestCents = smallestIn(incoming.query)
  if (smallestCents === null) return impossible(here, 'min_cents is no amount that can be pledged.')
  const [campaign] = await memberships.listCampaignsOf(here.request.client.accountId)
  const standing = campaign === undefined ? null : await memberships.findStanding(campaign.id)
  if (standing === null) return impossible(here, 'The creator has no campaign to pledge to.')

  const place = { campaignId: standing.campaign.id, patronId: here.account.id }
  const current = await memberships.findOpenPledge(place)
  const isEnough = current !== null && current.amountCents >= smallestCents
  // Creators see what their patrons see; nobody pledges to themselves.
  if (isEnough || standing.campaign.creatorId === here.account.id) {
    return { kind: 'elsewhere', address: consentAddress(here) }
  }
  const tiers = standing.tiers.filter(({ amountCents }) => amountCents >= smallestCents)
  return { kind: 'pledge', here, pledging: { standing: { ...standing, tiers }, current, smallestCents } }
}

function smallestIn(query: unknown): number | null {
  const text = fieldIn(query, 'min_cents')
  if (!/^\d{0,9}$/.test(text)) return null
  const cents = Math.max(Number(text), smallestPledgeCents)
  return cents <= largestPledgeCents ? cents : null
}

// Told here: browsers follow no redirect to another site that comes of the form with which somebody has just logged in.
const impossible = ({ request }: Here, description: string) => ({
  kind: 'elsewhere' as const,
  address: errorsAddress('invalid_request', description, request.state),
})

const consentAddress = ({ address }: Here): string => `/oauth2/authorize${address.slice(address.indexOf('?'))}`

function mustReach(fields: PledgeFields, { standing, smallestCents }: Pledging): void {
  // What is no amount at all is refused with the rest of the terms.
  if (!(termsIn(fields, standing).terms.amountCents < smallestCents)) return
  throw new Refusal('amount_invalid', {
    message: `The application asks for at least ${dollars(smallestCents)}.`,
    field: 'amount_cents',
    expected: `at least ${smallestCents} cents`,
  })
}

type Shown = { here: Here; pledging: Pledging; fields: PledgeFields; refusal: Refusal | null }

async function show(
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
  { store }: PageTools,
  { here, pledging, fields, refusal }: Shown,
): Promise<FastifyReply> {
  const visit = await visitOf({ request, reply, hasForm: true }, store)
  const view = {
    ...here,
    creatorName: await creatorNameOf(pledging.standing, store),
    smallestCents: pledging.smallestCents,
  }
  const address = await store.read.members.findAddress(here.account.id)
  const addressLink = address === null ? addressBefore(here.address) : null
  const page = becomePatronPage(visit, { ...view, form: { ...pledging, fields, refusal, addressLink } })
  return sendPage(reply, page, refusal?.status ?? 200)
}
