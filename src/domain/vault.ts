/**
 * Secrets at rest.
 *
 * An HMAC needs its key in the clear, so signing secrets can't be hashed; they are sealed with AES-256-GCM under one
 * key. The place of a secret (table, row, column) is authenticated with it, so a sealed secret that was moved to
 * another row does not open. Layout: version 1 | nonce 12 | tag 16 | ciphertext.
 */
import { createCipheriv, createDecipheriv, hash } from 'node:crypto'

/** Where a sealed secret lives. */
export type Place = { table: string; row: string; column: string }

/** Seals and opens the secrets of one store. */
export type Vault = {
  /** `nonce` must be 12 fresh random bytes. */
  seal(secret: string, place: Place, nonce: Uint8Array): Uint8Array
  /** Throws when the key is another, or the bytes were sealed for another place. */
  open(sealed: Uint8Array, place: Place): string
}

/** AES-256 takes 32 bytes. */
export const vaultKeyBytes = 32

/** What `seal` wants as its nonce (NIST SP 800-38D §8.2: 96 bits). */
export const nonceBytes = 12

const tagBytes = 16
const version = 1

/** A vault under one key of 32 bytes. */
export function vaultWith(key: Uint8Array): Vault {
  if (key.length !== vaultKeyBytes) throw new Error(`a vault's key has ${vaultKeyBytes} bytes, not ${key.length}`)
  return {
    seal(secret, place, nonce) {
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(placeBytes(place))
      const hidden = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), hidden])
    },
    open(sealed, place) {
      if (sealed[0] !== version) throw new Error(`a secret in ${place.table} was sealed by an unknown version`)
      const body = 1 + nonceBytes + tagBytes
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + nonceBytes), {
        authTagLength: tagBytes,
      })
        .setAAD(placeBytes(place))
        .setAuthTag(sealed.subarray(1 + nonceBytes, body))
      return Buffer.concat([decipher.update(sealed.subarray(body)), decipher.final()]).toString('utf8')
    },
  }
}

/** A secret, or null where it can't be opened: whoever reads many is not kept from the others by a damaged one. */
export function openedOrNull(vault: Vault, sealed: Uint8Array, place: Place): string | null {
  try {
    return vault.open(sealed, place)
  } catch {
    // Sealed for another place, under another key, or damaged: whichever it is, there is nothing to be read.
    return null
  }
}

/** What is stored of a token, key or password link that only has to be recognised. */
export const fingerprintOf = (token: string): string => hash('sha256', token, 'base64url')

const placeBytes = ({ table, row, column }: Place): Buffer => Buffer.from(`${table}|${row}|${column}|${version}`)
