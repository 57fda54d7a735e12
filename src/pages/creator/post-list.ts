import type { CampaignStanding } from '../../domain/membership.ts'
import type { Post } from '../../domain/post.ts'
import type { Refusal } from '../../domain/refusal.ts'
import type { Instant } from '../../domain/time.ts'
import { refusalLine } from '../form-refusal.ts'
import { furtherPages } from '../further-pages.ts'
import { html } from '../html.ts'
import { csrfField } from '../layout.ts'
import { moment } from '../moment.ts'
import { readersInWords } from '../post.ts'
import type { Content } from './manage-page.ts'

/** A part of a campaign's posts, and behind which the next part begins. */
export type PostPage = { posts: readonly Post[]; next: string | null; isFirst: boolean; now: Instant }

/** What a creator wrote, the newest first. */
export const postList = ({ campaign: { vanity }, tiers }: CampaignStanding, page: PostPage): Content => ({
  part: '/posts',
  title: 'Posts',
  content: html`<p><a class="button" href="/c/${vanity}/manage/posts/new">Write a post</a></p>
${page.posts.length === 0 && html`<p class="faint">Nothing is published ${page.isFirst ? 'yet' : 'before that'}. A post is for everybody, for all patrons or for some tiers, and is out at once.</p>`}
<ul class="list">
${page.posts.map(
  (
    post,
  ) => html`<li><a href="/c/${vanity}/manage/posts/${post.id}">${post.title}</a> · <a href="/posts/${post.id}" aria-label="its page: ${post.title}">its page</a><br>
<span class="faint">for ${readersInWords(post, tiers)} · ${moment(post.publishedAt, page.now)}</span></li>
`,
)}</ul>
${furtherPages({ address: `/c/${vanity}/manage/posts`, ...page })}`,
})

/** Where a creator says once more that a post shall go. */
export const deletionPart = (
  { vanity }: CampaignStanding['campaign'],
  { post, refusal, csrfToken }: { post: Post; refusal: Refusal | null; csrfToken: string },
): Content => ({
  part: '/posts',
  title: 'Delete this post?',
  content: html`<p>“${post.title}” is gone for good then, and webhooks hear <code>posts:delete</code>.</p>
<form method="post" action="/c/${vanity}/manage/posts/${post.id}/deletion">
${csrfField(csrfToken)}${refusal && refusalLine(refusal)}
<button>Delete it</button> <a class="button quiet" href="/c/${vanity}/manage/posts/${post.id}">Keep it</a>
</form>`,
})
