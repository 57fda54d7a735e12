import type { MemberStanding } from '../../domain/member.ts'
import type { CampaignStanding } from '../../domain/membership.ts'
import type { Instant } from '../../domain/time.ts'
import { furtherPages } from '../further-pages.ts'
import { type Html, html } from '../html.ts'
import { lastChargeInWords, nextChargeInWords, pledgeInWords, standingInWords } from '../member-in-words.ts'
import type { Content } from './manage-page.ts'

/** A part of a campaign's members, and behind which the next part begins. */
export type MemberPage = { members: readonly MemberStanding[]; next: string | null; isFirst: boolean; now: Instant }

/** Who belongs to a campaign, in the order of joining. */
export const memberList = (standing: CampaignStanding, page: MemberPage): Content => ({
  part: '/members',
  title: 'Members',
  content: html`${page.members.length === 0 && html`<p class="faint">${page.isFirst ? 'Nobody belongs to this campaign yet. Who pledges or joins free is listed here.' : 'Nobody else.'}</p>`}
<ul class="list">
${page.members.map((member) => line(member, standing, page.now))}</ul>
${furtherPages({ address: `/c/${standing.campaign.vanity}/manage/members`, ...page })}`,
})

function line(member: MemberStanding, standing: CampaignStanding, now: Instant): Html {
  const { account, pledge } = member
  return html`<li><a href="/c/${standing.campaign.vanity}/manage/members/${member.member.id}">${account.fullName}</a> · ${standingInWords(member)}<br>
${pledge !== null && html`${pledgeInWords(pledge, standing)}<br>`}
<span class="faint">Last charge: ${lastChargeInWords(member, now)}<br>Next charge: ${nextChargeInWords(member, now)}</span></li>
`
}
