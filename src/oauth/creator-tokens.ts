/** The tokens that a client's owner is given on its page: they speak for the owner, with everything that v2 has for reading and for webhooks. */
import type { Client } from '../domain/client.ts'
import { creatorScopes } from '../domain/oauth-scope.ts'
import { Refusal } from '../domain/refusal.ts'
import { command, type Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { issue, type Tokens } from './tokens.ts'

/** Makes the creator's tokens of a client, as part of the command that needs them. */
export async function issueCreatorTokens(client: Client, records: Records, at: Moment): Promise<Tokens> {
  const authorization = { clientId: client.id, accountId: client.accountId, scopes: creatorScopes, isCreators: true }
  const id = await records.authorizations.insertAuthorization(authorization, at.now)
  return await issue({ id, scopes: creatorScopes }, records, at)
}

/** Makes new ones; those before are over at once. */
export const renewCreatorTokens = command(
  'oauth.renew-creator-tokens',
  async (records, { id }: { id: string }, at): Promise<Tokens> => {
    const client = await records.clients.find(id)
    if (client === null) {
      throw new Refusal('client_not_found', { message: `There is no client ${id}.`, field: 'client_id' })
    }
    await records.authorizations.revokeCreators(id, at.now)
    return await issueCreatorTokens(client, records, at)
  },
)
