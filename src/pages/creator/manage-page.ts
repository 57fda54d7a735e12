import type { FastifyRequest } from 'fastify'
import type { CampaignStanding } from '../../domain/membership.ts'
import { type Html, html } from '../html.ts'
import { layout } from '../layout.ts'
import { saidOnce } from '../said.ts'
import type { Visit } from '../visit.ts'

/** The parts of a campaign that its creator works on, and where they are under its address. */
const parts = {
  '': 'Overview',
  '/details': 'Details',
  '/tiers': 'Tiers',
  '/posts': 'Posts',
  '/members': 'Members',
} as const

/** What one page has: the part that it belongs to, its title, and all below. */
export type Content = { part: keyof typeof parts; title: string; content: Html }

/** A page of those who run a campaign: where they are, what they did last, and the content. */
export const managePage = (
  { request, visit, standing }: { request: FastifyRequest; visit: Visit; standing: CampaignStanding },
  { part, title, content }: Content,
): Html =>
  layout(
    `${title} · ${standing.campaign.creationName}`,
    visit,
    html`${navigation(standing, part)}
${saidOnce(request)}
<h1>${title}</h1>
${content}`,
  )

const navigation = (
  { campaign: { vanity, creationName } }: CampaignStanding,
  part: string,
): Html => html`<nav class="parts" aria-label="Manage this campaign">
<a href="/c/${vanity}">${creationName}</a>
<ul>
${Object.entries(parts).map(([path, name]) => html`<li><a href="/c/${vanity}/manage${path}" ${path === part && html`aria-current="true"`}>${name}</a></li>\n`)}</ul>
</nav>`
