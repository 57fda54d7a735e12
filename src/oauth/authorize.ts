import type { Client } from '../domain/client.ts'
import type { OAuthScope } from '../domain/oauth-scope.ts'
import { Refusal } from '../domain/refusal.ts'
import { fingerprintOf } from '../domain/vault.ts'
import { command } from '../store/command.ts'
import { codeLife, forgetSome, newToken } from './tokens.ts'

/** What somebody consents to. */
export type Consent = {
  accountId: string
  client: Client
  scopes: readonly OAuthScope[]
  redirectUri: string
  codeChallenge: string | null
}

/** Somebody lets a client in: a new authorization, however many there are, and the code that gives its tokens once. */
export const authorize = command('oauth.authorize', async (records, consent: Consent, at): Promise<string> => {
  const { accountId, client, scopes, redirectUri, codeChallenge } = consent
  // Between showing the consent and giving it, the pair may have been replaced: what is compromised gets nothing new.
  const present = await records.clients.find(client.id)
  if (present?.clientId !== client.clientId || !present.redirectUris.includes(redirectUri)) throw changedClient()

  const granted = { clientId: client.id, accountId, scopes, isCreators: false }
  const authorizationId = await records.authorizations.insertAuthorization(granted, at.now)
  const code = newToken(at.random)
  const expiresAt = at.now + codeLife
  const row = { hash: fingerprintOf(code), authorizationId, redirectUri, codeChallenge, expiresAt }
  await records.authorizations.insertCode(row)
  await forgetSome(records, at.now)
  return code
})

const changedClient = (): Refusal =>
  new Refusal('client_not_found', {
    message: 'The application was changed meanwhile. Please go back to it and begin again.',
    field: 'client_id',
  })
