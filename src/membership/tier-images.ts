/** What tiers look like. Nobody hears of it: Patreon has no trigger for it. */
import type { Tier } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import { type ImageType, imageLimitBytes, imageTypeOf } from '../domain/tier-image.ts'
import { command } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import type { Actor } from './actor.ts'
import { mustRun } from './members.ts'
import { unknownTier } from './refusals.ts'
import { mustFit } from './texts.ts'

/** Which tier it is about. */
export type TierInput = { actor: Actor; tierId: string }

/** As long as file systems let a name be. */
const fileNameLimit = 255

/** A creator gives a tier a picture, which takes the place of the one before. */
export const addTierImage = command(
  'tiers.add-image',
  async (records, input: TierInput & { fileName: string; bytes: Uint8Array }, at): Promise<Tier> => {
    const { fileName, bytes } = input
    const current = await tierRunBy(input, records)
    mustFit(fileName, { field: 'file_name', shortest: 1, longest: fileNameLimit })
    const mimetype = mustBeAnImage(bytes)

    const id = await records.memberships.insertImage({ mimetype, bytes })
    const image = { id, fileName, mimetype, sizeBytes: bytes.length, createdAt: at.now }
    return await keep(current, { ...current, image, editedAt: at.now }, records)
  },
)

/** A creator takes a tier's picture away. */
export const removeTierImage = command('tiers.remove-image', async (records, input: TierInput, at): Promise<Tier> => {
  const current = await tierRunBy(input, records)
  return await keep(current, { ...current, image: null, editedAt: at.now }, records)
})

async function keep(before: Tier, tier: Tier, { memberships }: Records): Promise<Tier> {
  await memberships.keepTier(tier)
  if (before.image !== null) await memberships.deleteImage(before.image.id)
  return tier
}

async function tierRunBy({ actor, tierId }: TierInput, records: Records): Promise<Tier> {
  const tier = await records.memberships.findTier(tierId)
  if (tier === null) throw unknownTier(tierId)
  await mustRun(actor, tier.campaignId, records)
  return tier
}

function mustBeAnImage(bytes: Uint8Array): ImageType {
  const type = imageTypeOf(bytes)
  if (type !== null && bytes.length <= imageLimitBytes) return type
  throw new Refusal('field_invalid', {
    message:
      type === null ? 'This is no picture that browsers show.' : `A picture of ${bytes.length} bytes is too large.`,
    field: 'base64',
    expected: `a PNG, JPEG, GIF or WebP of at most ${imageLimitBytes} bytes, in Base64`,
  })
}
