import type { FastifyInstance } from 'fastify'
import type { Post } from '../../domain/post.ts'
import type { Refusal } from '../../domain/refusal.ts'
import { deletePost, editPost, publishPost } from '../../membership/posts.ts'
import { unknownPost } from '../../membership/refusals.ts'
import { fieldIn } from '../fields.ts'
import { refusalFrom } from '../form-refusal.ts'
import { afterIn, partOf } from '../further-pages.ts'
import type { PageTools } from '../tools.ts'
import { postFields, postIn, postPart, postSent } from './post-form.ts'
import { deletionPart, postList } from './post-list.ts'
import { byCreator, done, show, type Work } from './work.ts'

const address = '/c/:vanity/manage/posts'

/** As many as are looked through at once. */
const postsPerPage = 20

/** What a creator writes. */
export function postRoutes(app: FastifyInstance, tools: PageTools): void {
  const guarded = { preHandler: app.csrfProtection }
  const emptyForm = byCreator(tools, async (work) => {
    const about = { newestId: await newestIdIn(work, tools) }
    return show(work, postPart({ ...formIn(work), about, fields: postFields(null), refusal: null }))
  })
  const form = byCreator(tools, async (work) => {
    const post = await postOf(work, tools)
    return show(work, postPart({ ...formIn(work), about: { post }, fields: postFields(post), refusal: null }))
  })

  app.get(address, listing(tools))
  app.get(`${address}/new`, emptyForm)
  app.post(`${address}/new`, guarded, publishing(tools))
  app.get(`${address}/:post`, form)
  app.post(`${address}/:post`, guarded, editing(tools))
  app.get(
    `${address}/:post/deletion`,
    byCreator(tools, async (work) => confirm(work, await postOf(work, tools), null)),
  )
  app.post(`${address}/:post/deletion`, guarded, deleting(tools))
}

const listing = (tools: PageTools) =>
  byCreator(tools, async (work) => {
    const after = afterIn(work.request.query)
    const page = { after: after === null ? null : String(after), limit: postsPerPage + 1, isNewestFirst: true }
    const found = await tools.store.read.posts.listPosts(work.standing.campaign.id, page)
    const { shown, next } = partOf(found, { count: postsPerPage, numberOf: ({ id }) => id })
    const list = { posts: shown, next, isFirst: after === null, now: tools.clock.now() }
    return show(work, postList(work.standing, list))
  })

const publishing = (tools: PageTools) =>
  byCreator(tools, async (work) => {
    const { request, standing, actor } = work
    const fields = postSent(request.body, standing)
    const { linkBase, store, clock } = tools
    const where = { actor, campaignId: standing.campaign.id, linkBase, newestSeenId: fieldIn(request.body, 'newest') }
    const refusal = await refusalFrom(() => store.execute(publishPost, { ...where, text: postIn(fields) }, clock.now()))
    if (refusal === null) return done(work, `“${fields.title}” is published.`, '/posts')
    const about = { newestId: await newestIdIn(work, tools) }
    return show(work, postPart({ ...formIn(work), about, fields, refusal }), refusal)
  })

const editing = (tools: PageTools) =>
  byCreator(tools, async (work) => {
    const post = await postOf(work, tools)
    const fields = postSent(work.request.body, work.standing)
    const which = { actor: work.actor, postId: post.id, linkBase: tools.linkBase }
    const refusal = await refusalFrom(() =>
      tools.store.execute(editPost, { ...which, changes: postIn(fields) }, tools.clock.now()),
    )
    if (refusal === null) return done(work, `“${fields.title}” is saved.`, '/posts')
    return show(work, postPart({ ...formIn(work), about: { post }, fields, refusal }), refusal)
  })

const deleting = (tools: PageTools) =>
  byCreator(tools, async (work) => {
    const post = await postOf(work, tools)
    const input = { actor: work.actor, postId: post.id, linkBase: tools.linkBase }
    const refusal = await refusalFrom(() => tools.store.execute(deletePost, input, tools.clock.now()))
    return refusal === null ? done(work, `“${post.title}” is deleted.`, '/posts') : confirm(work, post, refusal)
  })

const confirm = (work: Work, post: Post, refusal: Refusal | null) =>
  show(work, deletionPart(work.standing.campaign, { post, refusal, csrfToken: work.visit.csrfToken }), refusal)

const formIn = ({ standing, visit }: Work) => ({ standing, csrfToken: visit.csrfToken })

async function newestIdIn({ standing }: Work, { store }: PageTools): Promise<string> {
  const page = { after: null, limit: 1, isNewestFirst: true }
  return (await store.read.posts.listPosts(standing.campaign.id, page))[0]?.id ?? ''
}

async function postOf({ request, standing }: Work, { store }: PageTools): Promise<Post> {
  const id = fieldIn(request.params, 'post')
  const post = await store.read.posts.findPost(id)
  if (post?.campaignId !== standing.campaign.id) throw unknownPost(id)
  return post
}
