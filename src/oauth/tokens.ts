import type { Random } from '../clock.ts'
import type { OAuthScope } from '../domain/oauth-scope.ts'
import { type Duration, days, seconds } from '../domain/time.ts'
import { fingerprintOf } from '../domain/vault.ts'
import type { Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'

/** As on Patreon: `expires_in` is 2678400 (wire.md §4.2). */
export const accessTokenLife: Duration = days(31)

/** A browser carries a code to its client at once; a minute forgives a slow one, and gives a thief no more. */
export const codeLife: Duration = seconds(60)

/**
 * A code or token that is over is still recognised for so long, so that whoever shows it again gives themselves away:
 * until then an access token that it gave may still be in use.
 */
const remembered: Duration = accessTokenLife

/** Each issue makes at most three rows and drops more than that, so the tables shrink again after a busy time. */
const forgottenAtOnce = 20

/** Both tokens, shown this once. */
export type Tokens = { accessToken: string; refreshToken: string; scopes: readonly OAuthScope[] }

/** A code or token: 43 URL-safe characters, 256 random bits. */
export const newToken = (random: Random): string => random.bytes(32).toString('base64url')

/** Issues both tokens of an authorization. */
export async function issue(
  { id, scopes }: { id: string; scopes: readonly OAuthScope[] },
  { authorizations }: Records,
  { now, random }: Moment,
): Promise<Tokens> {
  const [accessToken, refreshToken] = [newToken(random), newToken(random)]
  const access = { hash: fingerprintOf(accessToken), kind: 'access', life: accessTokenLife } as const
  const refresh = { hash: fingerprintOf(refreshToken), kind: 'refresh', life: null } as const
  await authorizations.insertToken({ ...access, authorizationId: id }, now)
  await authorizations.insertToken({ ...refresh, authorizationId: id }, now)
  await forgetSome({ authorizations }, now)
  return { accessToken, refreshToken, scopes }
}

/** Drops some of what was over too long ago to matter. */
export const forgetSome = async ({ authorizations }: Pick<Records, 'authorizations'>, now: number): Promise<void> =>
  await authorizations.forget(now - remembered, forgottenAtOnce)
