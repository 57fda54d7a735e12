/**
 * Anybody gives a membership to whoever has an e-mail address and has joined. What is wrong with the gift is told to
 * everybody; what there is behind the address is told only to those who may list the campaign's members anyway. To others
 * a gift that arrives and one that finds nobody are alike, so that nobody learns by giving who pledges where.
 */
import { type Account, emailLimit } from '../domain/account.ts'
import type { CampaignStanding } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import { command } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { beginGift, type GiftInput, mayBeGiven, mustBeGiftLength, termsOffered } from './gifts.ts'
import { runs } from './members.ts'
import { unknownCampaign } from './refusals.ts'

/** What is given to whom. */
export type EmailedGiftInput = Omit<GiftInput, 'patronId'> & { email: string }

/** Gives a tier to the member with this e-mail address; says nothing of whether there is one. */
export const giveByEmail = command('pledges.give-by-email', async (records, input: EmailedGiftInput, at) => {
  const { email, ...gift } = input
  const standing = await records.memberships.findStanding(gift.campaignId)
  if (standing === null) throw unknownCampaign(gift.campaignId)
  mustBeGiftLength(gift.months)
  await termsOffered(gift.tierId, standing, records)
  mustBeAnEmail(email)

  const found = await records.accounts.findByEmail(email)
  if (found?.account.id === gift.actor.accountId) throw giftToOneself()
  const account = await joined(found?.account ?? null, gift, records)
  // Who runs the campaign sees its members, and is told what became of the gift.
  if (runs(gift.actor, standing.campaign)) {
    if (account === null) throw nobodyThere(email)
  } else if (account === null || !(await canReceive(account, standing, records))) return
  await beginGift({ ...gift, patronId: account.id }, records, at)
})

/** Null for who has not joined, as for who is not there at all. */
async function joined(account: Account | null, { actor, campaignId }: Omit<GiftInput, 'patronId'>, records: Records) {
  if (account === null) return null
  return (await mayBeGiven({ actor, campaignId, patronId: account.id }, records)) ? account : null
}

function mustBeAnEmail(email: string): void {
  if (email.length <= emailLimit && /^[^@\s]+@[^@\s]+$/.test(email)) return
  throw new Refusal('field_invalid', {
    message: 'This is no e-mail address.',
    field: 'email',
    expected: 'the e-mail address with which somebody logs in here',
  })
}

async function canReceive({ id }: Account, { campaign }: CampaignStanding, { memberships }: Records): Promise<boolean> {
  if (id === campaign.creatorId) return false
  return (await memberships.findOpenPledge({ campaignId: campaign.id, patronId: id })) === null
}

const giftToOneself = (): Refusal =>
  new Refusal('field_invalid', {
    message: 'This is your own address, and a gift is for somebody else.',
    field: 'email',
    expected: 'the e-mail address of somebody else',
  })

const nobodyThere = (email: string): Refusal =>
  new Refusal('account_not_found', {
    message: `Nobody with the e-mail address ${JSON.stringify(email)} has joined this campaign.`,
    field: 'email',
    expected:
      'the e-mail address with which somebody logs in here who follows the campaign or has joined it, if only free',
  })
