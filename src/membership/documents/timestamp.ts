import type { Instant } from '../../domain/time.ts'

/** A moment as Patreon wrote it in 2017: whole seconds, and `+00:00` where others write `Z` (wire.md §2.4 A). */
export const timestamp = (at: Instant): string =>
  `${new Date(at).toISOString().slice(0, 'YYYY-MM-DDTHH:MM:SS'.length)}+00:00`

/** The same for a moment that may not have come. */
export const timestampOrNull = (at: Instant | null): string | null => (at === null ? null : timestamp(at))
