import type { Instant } from './time.ts'

/** What a developer says of an OAuth client on the *Clients & API Keys* page (wire.md §4.3). */
export type ClientProfile = {
  name: string
  description: string
  category: string | null
  authorName: string | null
  domain: string | null
  iconUrl: string | null
  privacyPolicyUrl: string | null
  tosUrl: string | null
  redirectUris: readonly string[]
  apiVersion: 1 | 2
}

/** An OAuth client. Its pair (`clientId` and secret) can be replaced; the client stays the same. */
export type Client = ClientProfile & {
  /** Digits; never changes. */
  id: string
  /** The account that registered it, whose campaigns it may see. */
  accountId: string
  /** 64 URL-safe characters: what OAuth calls `client_id`. */
  clientId: string
  createdAt: Instant
  /** When a compromised pair was last replaced. */
  replacedAt: Instant | null
}

/** One account needs few; a bound keeps lists short. */
export const clientsPerAccountLimit = 100

/** More than any application has. */
export const redirectUrisLimit = 20

/** More than any operator grants to one client. */
export const grantsPerClientLimit = 1_000
