/** What a client asks for when it makes another (wire.md §4.3). What else stands in such a document is ignored. */
import { z } from 'zod'
import type { ClientProfile } from '../../domain/client.ts'
import { profileIn, profileShape } from '../api/clients.ts'
import { documentIn, partAt } from './asked.ts'

const { shape } = profileShape

// Forms send an empty text for what somebody has not.
const orEmpty = <Shape extends z.ZodType>(value: Shape) =>
  z
    .union([z.literal(''), value])
    .optional()
    .transform((given) => (given === undefined || given === '' ? null : given))

const version = z.union([z.literal([1, 2]), z.enum(['1', '2'])]).transform((one) => (Number(one) === 1 ? 1 : 2))

// One text with spaces, as Patreon's own form has it; or a list.
const redirectUris = z
  .union([z.string().transform((text) => text.split(/\s+/).filter((uri) => uri !== '')), z.array(z.string())])
  .pipe(shape.redirect_uris.unwrap())

const wishShape = z.object({
  data: z.object({
    type: z.enum(['oauth-client', 'client']),
    attributes: z.object({
      name: shape.name,
      description: shape.description,
      category: orEmpty(shape.category),
      author_name: orEmpty(shape.author_name),
      domain: orEmpty(shape.domain),
      icon_url: orEmpty(shape.icon_url),
      privacy_policy_url: orEmpty(shape.privacy_policy_url),
      tos_url: orEmpty(shape.tos_url),
      redirect_uris: redirectUris,
      version: version.default(2),
    }),
  }),
})

/** Reads the client that is to be made. */
export function profileAsked(body: unknown): ClientProfile {
  const { version: api_version, ...attributes } = documentIn(body, wishShape).data.attributes
  return partAt('data.attributes.redirect_uris', () => profileIn({ ...attributes, api_version }))
}
