/** The pictures that tiers are shown with. */
import type { Instant } from './time.ts'

/** What is known of a picture beside its bytes. A new picture is a new one: nothing that is kept of the old is wrong. */
export type TierImage = {
  /** Digits. */
  id: string
  fileName: string
  mimetype: ImageType
  sizeBytes: number
  createdAt: Instant
}

/** The kinds that every browser shows. */
export type ImageType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp'

/** Enough for a picture on a card, and what a request can hold when it is written in Base64. */
export const imageLimitBytes = 256 * 1024

/** What kind a picture is by its first bytes, whatever its name says; null: none that browsers show. */
export function imageTypeOf(bytes: Uint8Array): ImageType | null {
  const text = (start: number, end: number) => String.fromCharCode(...bytes.subarray(start, end))
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png'
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg'
  if (text(0, 6) === 'GIF87a' || text(0, 6) === 'GIF89a') return 'image/gif'
  return text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP' ? 'image/webp' : null
}

/** Where a picture is to be had. */
export const imageUrl = ({ id }: TierImage, linkBase: string): string => `${linkBase}/media/${id}`
