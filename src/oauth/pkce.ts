/** Proof Key for Code Exchange (RFC 7636), by S256 alone: a `plain` challenge proves nothing to whoever saw the request. */
import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether this can be an S256 challenge at all: 256 bits in base64url (RFC 7636 §4.2). */
export const isChallenge = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)

/**
 * Whether the verifier is the one that the code was asked for with. A verifier for a code that was asked for without a
 * challenge is refused too: somebody took the challenge out of the request (RFC 9700 §4.8.2).
 */
export function isProven(verifier: string | null, challenge: string | null): boolean {
  if (verifier === null || challenge === null) return verifier === challenge
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false
  const shown = createHash('sha256').update(verifier).digest()
  const wanted = Buffer.from(challenge, 'base64url')
  return shown.length === wanted.length && timingSafeEqual(shown, wanted)
}
