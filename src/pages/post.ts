/**
 * A post as readers see it. On Patreon its content is HTML; here it is what a creator or a program wrote, and is shown as
 * text: a sanitiser would be one more thing to trust, and in a sandbox it helps to see the markup that receivers get.
 */
import { type CampaignStanding, isDeclined, isOffered, type Pledge, type TierStanding } from '../domain/membership.ts'
import type { Post } from '../domain/post.ts'
import type { Instant } from '../domain/time.ts'
import { logInBefore } from './destination.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { moment } from './moment.ts'
import type { Visit } from './visit.ts'

/** Everything that a post's page shows. */
export type PostView = {
  post: Post
  standing: CampaignStanding
  creatorName: string
  /** The visitor's own. */
  pledge: Pledge | null
  mayRead: boolean
  mayEdit: boolean
  now: Instant
}

/** A post for whom it is meant; for others its title, and how they come to read it. */
export function postPage(visit: Visit, view: PostView): Html {
  const { post, standing, creatorName, mayRead, mayEdit, now } = view
  const { vanity, creationName } = standing.campaign
  return layout(
    post.title,
    visit,
    html`<article>
<h1>${post.title}</h1>
<p class="faint">by ${creatorName} · <a href="/c/${vanity}">${creationName}</a> · for ${readersInWords(post, standing.tiers)} · ${moment(post.publishedAt, now)}</p>
${mayRead ? paragraphs(post.content) : invitation(visit, view)}
</article>
${mayEdit && html`<p><a href="/c/${vanity}/manage/posts/${post.id}">Edit this post</a></p>`}`,
  )
}

const paragraphs = (text: string): Html[] =>
  text
    .split(/\r?\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => html`<p class="summary">${paragraph.trim()}</p>\n`)

/** Whom a post is for, in words. */
export function readersInWords({ isPublic, tierIds }: Post, tiers: readonly TierStanding[]): string {
  if (isPublic) return 'everybody'
  if (tierIds.length === 0) return 'patrons'
  return either.format(tiers.filter(({ id }) => tierIds.includes(id)).map(({ title }) => `“${title}”`))
}

const either = new Intl.ListFormat('en', { type: 'disjunction' })

function invitation({ account }: Visit, { post, standing, pledge }: PostView): Html {
  const { vanity } = standing.campaign
  const readers = readersInWords(post, standing.tiers)
  if (isDeclined(pledge)) {
    return html`<p>This post is for ${readers}, and your payment is declined. <a href="/c/${vanity}">See your pledge</a>: once it is paid, you can read on.</p>`
  }
  const invited = html`<p>This post is for ${readers}. ${pledge === null ? 'Become a patron to read it:' : 'Your pledge does not reach it yet:'}</p>
${waysIn(post, standing)}`
  if (account !== null) return invited
  return html`${invited}<p>Are you one already? <a href="${logInBefore(`/posts/${post.id}`)}">Log in to read on</a></p>`
}

/** The tiers that open a post, where it is for tiers that are still offered; the campaign where it is for every patron. */
function waysIn({ tierIds }: Post, { campaign: { vanity, creationName }, tiers }: CampaignStanding): Html {
  const opening = tiers.filter((tier) => isOffered(tier) && tierIds.includes(tier.id))
  if (opening.length === 0) return html`<p><a class="button" href="/c/${vanity}">Go to ${creationName}</a></p>`
  return html`<ul class="list">
${opening.map(({ id, title }) => html`<li><a href="/c/${vanity}?tier=${id}">Choose “${title}”</a></li>\n`)}</ul>`
}
