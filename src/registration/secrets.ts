import type { Random } from '../clock.ts'
import { standardSecretPrefix } from '../domain/signature.ts'

/** 64 URL-safe characters, as Patreon's ids and secrets have (wire.md §2.2 and §4.3): 384 random bits. */
export const urlSafeSecret = (random: Random): string => random.bytes(48).toString('base64url')

/** A Standard Webhooks secret: 256 random bits. */
export const standardSecret = (random: Random): string => standardSecretPrefix + random.bytes(32).toString('base64')

/** An API key, by its beginning recognisable to people and to programs that look for leaked secrets. */
export const apiKey = (random: Random): string => `tidings_${random.bytes(32).toString('base64url')}`

/** What a one-time link ends with. */
export const linkToken = (random: Random): string => random.bytes(32).toString('base64url')
