import { imageUrl, type TierImage } from '../../../domain/tier-image.ts'
import { type V2Resource, v2Timestamp } from './resource.ts'

/** A tier's picture. It was whole when it came, so there is nothing to be uploaded any more. */
export function mediaResource({ image, tierId }: { image: TierImage; tierId: string }, linkBase: string): V2Resource {
  const url = imageUrl(image, linkBase)
  return {
    type: 'media',
    id: image.id,
    attributes: {
      created_at: v2Timestamp(image.createdAt),
      download_url: url,
      file_name: image.fileName,
      image_urls: { default: url, original: url, thumbnail: url },
      metadata: null,
      mimetype: image.mimetype,
      owner_id: tierId,
      owner_relationship: 'tier_image',
      owner_type: 'tier',
      size_bytes: image.sizeBytes,
      state: 'ready',
      upload_expires_at: v2Timestamp(image.createdAt),
      upload_parameters: {},
      upload_url: url,
    },
    relationships: {},
  }
}
