import { type CampaignStanding, isOffered, type TierStanding } from '../../domain/membership.ts'
import type { Post } from '../../domain/post.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { PostText } from '../../membership/posts.ts'
import { choice } from '../choice.ts'
import { fieldIn } from '../fields.ts'
import { refusalAt, refusalElsewhere } from '../form-refusal.ts'
import { type Html, html } from '../html.ts'
import { csrfField } from '../layout.ts'
import { linesIn, textArea } from '../text-area.ts'
import { textField } from '../text-field.ts'
import type { Content } from './manage-page.ts'

/** A post as it was filled in, which may not make sense. */
export type PostFields = {
  title: string
  content: string
  readers: 'everybody' | 'patrons' | 'tiers'
  tierIds: readonly string[]
  isPaid: boolean
}

/** What the form shows, and where it is sent. */
export type PostForm = {
  standing: CampaignStanding
  /** The post that is edited, or the newest one that there is when the form makes another. */
  about: { post: Post } | { newestId: string }
  fields: PostFields
  refusal: Refusal | null
  csrfToken: string
}

/** Where a creator writes to patrons, or changes what was written. */
export function postPart({ standing, about, fields, refusal, csrfToken }: PostForm): Content {
  const { campaign } = standing
  const post = 'post' in about ? about.post : null
  return {
    part: '/posts',
    title: post === null ? 'Write a post' : 'Edit a post',
    content: html`<form method="post" action="/c/${campaign.vanity}/manage/posts/${post?.id ?? 'new'}">
${csrfField(csrfToken)}${'newestId' in about && html`<input type="hidden" name="newest" value="${about.newestId}">`}${refusalElsewhere(refusal, fieldNames)}
${textField({ name: 'title', label: 'Title', type: 'text', value: fields.title, autocomplete: 'off', isRequired: true, hint: null }, refusalAt(refusal, 'title'))}
${textArea({ name: 'content', label: 'Text', rows: 12, hint: contentHint, value: fields.content }, refusalAt(refusal, 'content'))}
${readersChoice(standing, fields, refusal)}
${(!campaign.isMonthly || fields.isPaid) && html`<div class="field">${choice({ type: 'checkbox', name: 'paid', value: 'yes', isChosen: fields.isPaid, label: post === null ? 'Patrons are charged for it' : 'It is a paid post; saving it charges nobody' })}</div>`}
<button>${post === null ? 'Publish it now' : 'Save'}</button>
</form>
${post !== null && html`<p><a href="/posts/${post.id}">See the post</a> · <a href="/c/${campaign.vanity}/manage/posts/${post.id}/deletion">Delete it</a></p>`}`,
  }
}

const fieldNames = ['title', 'content', 'tier_id']

const contentHint =
  'An empty line begins a paragraph. The post’s page shows HTML as it is written, and webhooks hear every character.'

function readersChoice({ tiers }: CampaignStanding, fields: PostFields, refusal: Refusal | null): Html {
  const shown = tiers.filter((tier) => isOffered(tier) || fields.tierIds.includes(tier.id))
  const readers = (value: PostFields['readers'], label: string) =>
    choice({ type: 'radio', name: 'readers', value, isChosen: fields.readers === value, label })
  return html`<fieldset><legend>For whom</legend>
${refusalAt(refusal, 'tier_id')}
${readers('everybody', 'Everybody')}${readers('patrons', 'All patrons')}${shown.length > 0 && readers('tiers', 'Only patrons of these tiers:')}
<div class="under">${shown.map((tier) => tierChoice(tier, fields))}</div>
</fieldset>`
}

const tierChoice = ({ id, title }: TierStanding, { tierIds }: PostFields): Html =>
  choice({ type: 'checkbox', name: `tier_${id}`, value: 'yes', isChosen: tierIds.includes(id), label: title })

/** The form as it is first shown. */
export function postFields(post: Post | null): PostFields {
  if (post === null) return { title: '', content: '', readers: 'patrons', tierIds: [], isPaid: false }
  const { title, content, isPublic, tierIds, isPaid } = post
  const restricted = tierIds.length === 0 ? 'patrons' : 'tiers'
  return { title, content, readers: isPublic ? 'everybody' : restricted, tierIds, isPaid }
}

/** The form as it was sent. */
export function postSent(body: unknown, { tiers }: CampaignStanding): PostFields {
  const readers = fieldIn(body, 'readers')
  return {
    title: fieldIn(body, 'title').trim(),
    content: linesIn(body, 'content'),
    // What is not said is kept from those who do not pay.
    readers: readers === 'everybody' || readers === 'tiers' ? readers : 'patrons',
    tierIds: tiers.map(({ id }) => id).filter((id) => fieldIn(body, `tier_${id}`) === 'yes'),
    isPaid: fieldIn(body, 'paid') === 'yes',
  }
}

/** What the fields ask for. Tiers count where the post is for tiers, and then there must be one. */
export function postIn({ readers, tierIds, ...text }: PostFields): PostText {
  if (readers === 'tiers' && tierIds.length === 0) {
    throw new Refusal('field_invalid', {
      message: 'Choose a tier, or let all patrons read it.',
      field: 'tier_id',
      expected: 'at least one tier',
    })
  }
  return { ...text, isPublic: readers === 'everybody', tierIds: readers === 'tiers' ? tierIds : [] }
}
