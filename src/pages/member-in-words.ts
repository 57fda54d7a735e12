/** What a member's standing, charges and history are called where people read them. */
import { type ChargeStatus, type MemberStanding, type PledgeEvent, patronStatus } from '../domain/member.ts'
import { type CampaignStanding, isDeclined, type Pledge } from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'
import type { Instant } from '../domain/time.ts'
import { type Html, html } from './html.ts'
import { moment } from './moment.ts'
import { rateInWords } from './rate.ts'

/** What somebody is to a campaign. */
export function standingInWords({ member, pledge }: MemberStanding): string {
  if (pledge?.kind === 'gift') return 'was given a tier'
  if (pledge?.kind === 'trial') return 'tries a tier'
  switch (patronStatus({ member, pledge })) {
    case 'active_patron':
      return 'patron'
    case 'declined_patron':
      return 'patron, payment declined'
    case 'former_patron':
      return 'former patron'
    case null:
      return member.isFollower ? 'follower' : 'free member'
  }
}

/** What somebody pledges. */
export function pledgeInWords(pledge: Pledge, { campaign, tiers }: CampaignStanding): string {
  const tier = tiers.find(({ id }) => id === pledge.tierId)
  return `${tier?.title ?? 'no tier'}, ${rateInWords(pledge, campaign)}`
}

/** How the last charge went, and when. */
export const lastChargeInWords = ({ member }: MemberStanding, now: Instant): Html | string =>
  member.lastChargeAt === null || member.lastChargeStatus === null
    ? 'none'
    : html`${chargeWords[member.lastChargeStatus]}, ${moment(member.lastChargeAt, now)}`

/** When somebody is charged next. */
export function nextChargeInWords({ member, pledge }: MemberStanding, now: Instant): Html | string {
  if (isDeclined(pledge)) return 'when the declined one is recovered'
  if (member.nextChargeAt === null) return 'none'
  return pledge?.kind === 'gift'
    ? html`none; the gift ends ${moment(member.nextChargeAt, now)}`
    : moment(member.nextChargeAt, now)
}

const chargeWords: Record<ChargeStatus, string> = {
  Paid: 'paid',
  Declined: 'declined',
  Deleted: 'ended',
  Pending: 'pending',
  Refunded: 'refunded',
  'Partially Refunded': 'refunded in part',
  'Refunded by Patreon': 'refunded by the platform',
  Fraud: 'fraud',
  Other: 'something else',
  'Free Trial': 'free trial',
}

/** What happened to a pledge. */
export function pledgeEventInWords({ type, amountCents, paymentStatus, tierTitle }: PledgeEvent): string {
  const amount = `${dollars(amountCents)}${tierTitle === null ? '' : ` for “${tierTitle}”`}`
  if (type !== 'subscription') return `${changeWords[type]}: ${amount}`
  return `Charge ${paymentStatus === null ? '' : chargeWords[paymentStatus]}: ${amount}`
}

const changeWords: Record<Exclude<PledgeEvent['type'], 'subscription'>, string> = {
  pledge_start: 'Pledge began',
  pledge_upgrade: 'Pledge raised',
  pledge_downgrade: 'Pledge lowered',
  pledge_delete: 'Pledge ended',
}
