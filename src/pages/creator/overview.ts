import { type CampaignStanding, isOffered, payPerName } from '../../domain/membership.ts'
import { dollars } from '../../domain/money.ts'
import { fact } from '../fact.ts'
import { type Html, html } from '../html.ts'
import type { Content } from './manage-page.ts'

/** How many belong to a campaign, and how many posts it has. */
export type Counts = { members: number; posts: number }

/** The campaign's figures, and what there is to do. */
export function overview({ campaign, tiers, patronCount, pledgeSumCents }: CampaignStanding, counts: Counts): Content {
  const offered = tiers.filter(isOffered).length
  return {
    part: '',
    title: 'Overview',
    content: html`<dl class="facts figures">
${fact('Patrons', patronCount)}${fact('Members', counts.members)}${fact(`Pledged per ${payPerName(campaign)}`, dollars(pledgeSumCents))}
</dl>
<ul class="list">
${todo(campaign.vanity, 'details', 'Say what it is about', campaign.summary === '' ? 'It has no introduction yet.' : campaign.summary.slice(0, shownLength))}
${todo(campaign.vanity, 'tiers', 'Offer tiers', offered === 0 ? 'It offers none yet; patrons choose an amount themselves.' : `It offers ${offered}.`)}
${todo(campaign.vanity, 'posts', 'Write to patrons', counts.posts === 0 ? 'Nothing is published yet.' : `${counts.posts} published.`)}
${todo(campaign.vanity, 'members', 'See who belongs to it', counts.members === 0 ? 'Nobody yet.' : 'Decline, recover and refund charges there.')}
</ul>`,
  }
}

/** The beginning of a text, to recognise it by. */
const shownLength = 120

const todo = (vanity: string, part: string, name: string, detail: string): Html =>
  html`<li><a href="/c/${vanity}/manage/${part}">${name}</a><br><span class="faint">${detail}</span></li>`
