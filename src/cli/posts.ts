import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { moment, momentAndAge } from './moments.ts'
import { nextPage } from './next-page.ts'
import { calling, collected, given, group, wholeNumber } from './options.ts'
import { facts, listed, table } from './table.ts'

type Post = Schemas['Post']
type Text = Printing & { title?: string; content?: string; public?: true; paid?: true; tier?: string[] }

/** `tidings posts`: what creators write. */
export function addPosts(program: Command, hand: Hand): void {
  const posts = group(program, 'posts', 'what creators write')
  calling(posts, 'list <campaign>', "list a campaign's posts, the oldest first")
    .option('--after <id>', 'go on behind this post')
    .option('--limit <number>', 'how many', wholeNumber)
    .action((id: string, { after, limit, ...options }: Printing & { after?: string; limit?: number }) =>
      hand.tell(
        options,
        (api) => api.GET('/api/v1/campaigns/{id}/posts', { params: { path: { id }, query: given({ after, limit }) } }),
        listOf,
      ),
    )
  addWriting(posts, hand)
  calling(posts, 'delete <id>', 'delete a post').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.DELETE('/api/v1/posts/{id}', { params: { path: { id } } }),
      () => `Post ${id} is deleted.`,
    ),
  )
}

function addWriting(posts: Command, hand: Hand): void {
  withText(calling(posts, 'publish <campaign> <title>', 'publish a post')).action(
    (id: string, title: string, options: Text) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/campaigns/{id}/posts', { params: { path: { id } }, body: { ...textIn(options), title } }),
        (post) => described(post, hand),
      ),
  )
  withText(calling(posts, 'edit <id>', 'change a post; what is left out stays'))
    .option('--title <text>', 'its title')
    .action((id: string, options: Text) =>
      hand.tell(
        options,
        (api) =>
          api.PATCH('/api/v1/posts/{id}', {
            params: { path: { id } },
            body: { ...textIn(options), ...given({ title: options.title }) },
          }),
        (post) => described(post, hand),
      ),
    )
}

const withText = (command: Command): Command =>
  command
    .option('--content <html>', 'what it says')
    .option('--public', 'for everybody')
    .option('--paid', 'patrons pay for it')
    .option('--tier <id>', 'for patrons of these tiers', collected)

const textIn = (options: Text) =>
  given({ content: options.content, is_public: options.public, is_paid: options.paid, tier_ids: options.tier })

const listOf = ({ data, next }: { data: readonly Post[]; next: string | null }): string =>
  table(
    ['id', 'title', 'public', 'published'],
    data.map(({ id, title, is_public, published_at }) => [id, title, is_public, moment(published_at)]),
    'No posts. `tidings posts publish <campaign> <title>` publishes one.',
  ) + nextPage(next)

const described = (post: Post, { clock }: Hand): string =>
  facts(`Post ${post.id}: ${post.title}`, {
    campaign: post.campaign_id,
    'for everybody': post.is_public,
    'for tiers': listed(post.tier_ids),
    published: momentAndAge(post.published_at, clock.now()),
  })
