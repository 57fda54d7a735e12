import type { RouteHandlerMethod } from 'fastify'
import { z } from 'zod'
import { Refusal } from '../../domain/refusal.ts'
import { imageUrl } from '../../domain/tier-image.ts'
import { addTierImage, removeTierImage } from '../../membership/tier-images.ts'
import { type Endpoint, endpoint, nothing } from '../endpoint.ts'
import { actorIn, digits } from './actor.ts'
import type { ApiTools } from './tools.ts'

const imageShape = z
  .object({
    id: z.string().describe('a new picture has a new one'),
    url: z.string(),
    file_name: z.string(),
    mimetype: z.string(),
    size_bytes: z.number().int(),
  })
  .meta({ id: 'TierImage' })

const byId = z.object({ id: digits })

const calls = { tag: 'memberships', scope: 'memberships' } as const

/** What tiers look like. */
export const tierImageCalls = (tools: ApiTools) => ({ add: addImageCall(tools), remove: removeImageCall(tools) })

const addImageCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'addTierImage',
    summary: 'Give a tier a picture, in place of the one before; for the campaign’s creator',
    params: byId,
    body: z.strictObject({
      file_name: z.string(),
      base64: z.base64().describe('a PNG, JPEG, GIF or WebP of at most 256 KiB'),
    }),
    answer: imageShape,
    async handle({ caller, params: { id: tierId }, body: { file_name: fileName, base64 } }) {
      const bytes = new Uint8Array(Buffer.from(base64, 'base64'))
      const input = { actor: actorIn(caller), tierId, fileName, bytes }
      const { image } = await store.execute(addTierImage, input, clock.now())
      if (image === null) throw new Error(`tier ${tierId} has no picture after it was given one`)
      const url = imageUrl(image, linkBase)
      return { id: image.id, url, file_name: fileName, mimetype: image.mimetype, size_bytes: image.sizeBytes }
    },
  })

const removeImageCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'removeTierImage',
    summary: 'Take a tier’s picture away; for the campaign’s creator',
    params: byId,
    status: 204,
    answer: nothing,
    async handle({ caller, params: { id: tierId } }) {
      await store.execute(removeTierImage, { actor: actorIn(caller), tierId }, clock.now())
      return null
    },
  })

/** Shows a picture to anybody, on any page. What is at an address never changes, so it may be kept for good. */
export function imageDoor({ store }: Pick<ApiTools, 'store'>): RouteHandlerMethod {
  return async (request, reply) => {
    const { data } = byId.safeParse(request.params)
    const image = data === undefined ? null : await store.read.memberships.findImage(data.id)
    if (image === null) throw new Refusal('page_not_found', { message: 'There is no picture at this address.' })
    return await reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('cross-origin-resource-policy', 'cross-origin')
      .type(image.mimetype)
      .send(Buffer.from(image.bytes))
  }
}
