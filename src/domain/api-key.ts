import type { Scope } from './access.ts'
import type { Instant } from './time.ts'

/** A key that is sent as the bare `Authorization` header, the kittens' way, or as `Bearer`. */
export type ApiKey = {
  /** Digits. */
  id: string
  accountId: string
  name: string
  /** The last four characters, by which people tell keys apart. */
  ending: string
  scopes: readonly Scope[]
  createdAt: Instant
  revokedAt: Instant | null
}

/** One account needs few; a bound keeps lists short. */
export const keysPerAccountLimit = 100
