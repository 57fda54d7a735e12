import type { Kitten } from '../domain/kitten.ts'
import { wireBytes } from '../domain/wire-json.ts'

/** The answer to a deletion, exactly as the page shows it. */
export const farewell = (id: number): { id: number; deleted: string } => ({ id, deleted: ':(' })

/** The body of `kittens:create`. */
export const creationBody = (kitten: Kitten): Uint8Array => wireBytes(kitten)

/** The body of `kittens:delete`. */
export const deletionBody = (id: number): Uint8Array => wireBytes(farewell(id))
