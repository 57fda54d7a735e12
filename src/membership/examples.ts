/** What receivers will get, about people who do not exist: for the trigger catalogue and for test events. */
import {
  type MemberTrigger,
  memberTriggers,
  type PatreonTrigger,
  type PledgeTrigger,
  type PostTrigger,
  pledgeTriggers,
} from '../domain/trigger.ts'
import { type Json, wireBytes } from '../domain/wire-json.ts'
import { pledgeDocument } from './documents/pledge.ts'
import { memberDocument } from './documents/v2/member-event.ts'
import { postDocument } from './documents/v2/post-event.ts'
import * as world from './example-world.ts'

/** The body that a receiver of this trigger will get: made by the same hands as real bodies. */
export const exampleBody = (trigger: PatreonTrigger, linkBase: string): Uint8Array =>
  wireBytes(exampleDocument(trigger, linkBase))

function exampleDocument(trigger: PatreonTrigger, linkBase: string): Json {
  if (isOneOf(pledgeTriggers, trigger)) return pledgeExample(trigger, linkBase)
  if (isOneOf(memberTriggers, trigger)) return memberExample(trigger, linkBase)
  return postExample(trigger, linkBase)
}

const isOneOf = <Trigger extends string>(triggers: readonly Trigger[], trigger: string): trigger is Trigger =>
  (triggers as readonly string[]).includes(trigger)

const full = world.standingWith({ patronCount: 12, pledgeSumCents: 6000 })
const more = world.standingWith({ patronCount: 12, pledgeSumCents: 6200 })
const fewer = world.standingWith({ patronCount: 11, pledgeSumCents: 5500 })

function pledgeExample(trigger: PledgeTrigger, linkBase: string): Json {
  const scenes = {
    'pledges:create': { pledge: world.first, standing: full },
    'pledges:update': { pledge: world.edited, standing: more },
    'pledges:delete': { pledge: world.cancelled, standing: fewer },
  }
  const creator = { account: world.ada, campaignId: full.campaign.id }
  const patron = { account: world.pat, campaignId: null }
  return pledgeDocument({ ...scenes[trigger], creator, patron }, linkBase)
}

/** With the e-mail address, as whoever may know it is told. */
function memberExample(trigger: MemberTrigger, linkBase: string): Json {
  const { joined, paying, gone } = world
  const scenes = {
    'members:create': { member: joined, pledge: null, campaign: fewer },
    'members:update': { member: paying, pledge: world.first, campaign: full },
    'members:delete': { member: { ...joined, leftAt: world.leavingAt }, pledge: null, campaign: fewer },
    'members:pledge:create': { member: paying, pledge: world.first, campaign: full },
    'members:pledge:update': { member: paying, pledge: world.edited, campaign: more },
    'members:pledge:delete': { member: gone, pledge: null, campaign: fewer },
  }
  const { member, pledge, campaign } = scenes[trigger]
  const standing = { member, account: world.pat, pledge }
  return memberDocument({ standing, campaign, ownCampaignId: null, address: null }, 1, linkBase)
}

function postExample(trigger: PostTrigger, linkBase: string): Json {
  const { post } = world
  const shown = trigger === 'posts:publish' ? post : { ...post, title: `${post.title}, with plans` }
  const creator = { account: world.ada, campaignId: full.campaign.id }
  return postDocument({ post: shown, campaign: full, creator }, linkBase)
}
