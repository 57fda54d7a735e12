import type { Random } from '../clock.ts'
import { type Client, type ClientProfile, clientsPerAccountLimit, grantsPerClientLimit } from '../domain/client.ts'
import type { Tenant } from '../domain/event.ts'
import { Refusal } from '../domain/refusal.ts'
import { fingerprintOf, nonceBytes, type Vault } from '../domain/vault.ts'
import { issueCreatorTokens } from '../oauth/creator-tokens.ts'
import type { Tokens } from '../oauth/tokens.ts'
import { command } from '../store/command.ts'
import { clientSecretPlace } from '../store/secret-places.ts'
import { urlSafeSecret } from './secrets.ts'

/** A client beside its secret and its creator's tokens, which are shown this once. */
export type ClientWithSecrets = { client: Client; secret: string; creatorTokens: Tokens }

type Registration = { accountId: string; profile: ClientProfile }

/** Registers an OAuth client and makes its id and secret pair and its creator's tokens. */
export const registerClient = command(
  'clients.register',
  async (records, { accountId, profile }: Registration, at): Promise<ClientWithSecrets> => {
    if ((await records.clients.list(accountId)).length >= clientsPerAccountLimit) {
      throw new Refusal('too_many', {
        message: `An account has at most ${clientsPerAccountLimit} clients.`,
        expected: 'delete one that is not needed any more',
      })
    }
    const { clientId, secret, secretHash } = newPair(at.random)
    const client = await records.clients.insert(
      { ...profile, accountId, clientId, secretHash },
      sealing(secret, at),
      at.now,
    )
    return { client, secret, creatorTokens: await issueCreatorTokens(client, records, at) }
  },
)

/**
 * Replaces a compromised pair. From this moment everything that was signed or granted with the old one is over;
 * the client keeps its webhooks, and what is still open is signed with the new secret.
 */
export const replacePair = command(
  'clients.replace-pair',
  async (records, { id }: { id: string }, at): Promise<ClientWithSecrets> => {
    if ((await records.clients.find(id)) === null) throw unknownClient(id)
    // Whoever has the secret may have tokens made with it; everybody logs in again.
    await records.authorizations.revokeAllOf(id, at.now)

    const { clientId, secret, secretHash } = newPair(at.random)
    const client = await records.clients.replacePair(id, { clientId, secretHash }, sealing(secret, at), at.now)
    return { client, secret, creatorTokens: await issueCreatorTokens(client, records, at) }
  },
)

/** Changes what a client says of itself. What is left out stays. */
export const describeClient = command(
  'clients.describe',
  async (records, { id, changed }: { id: string; changed: Partial<ClientProfile> }): Promise<Client> => {
    const client = await records.clients.find(id)
    if (client === null) throw unknownClient(id)

    const described = { ...client, ...changed }
    await records.clients.describe(id, described)
    return described
  },
)

/** Deletes a client and ends its tokens; its webhooks hear nothing from then on, and what waits for them is cancelled. */
export const deleteClient = command('clients.delete', async (records, { id }: { id: string }, at): Promise<void> => {
  await records.authorizations.revokeAllOf(id, at.now)
  await records.clients.delete(id, at.now)
})

type Grant = { id: string; tenant: Tenant }

/** Lets a client see a tenant that is not one of its creator's campaigns. */
export const grantTenant = command('clients.grant', async (records, { id, tenant }: Grant): Promise<Tenant[]> => {
  if ((await records.clients.find(id)) === null) throw unknownClient(id)
  if ((await records.clients.listGrants(id)).length >= grantsPerClientLimit) {
    throw new Refusal('too_many', { message: `A client is granted at most ${grantsPerClientLimit} tenants.` })
  }
  await records.clients.grant(id, tenant)
  return await records.clients.listGrants(id)
})

/** Takes a tenant from a client again. */
export const withdrawTenant = command('clients.withdraw', async (records, { id, tenant }: Grant): Promise<Tenant[]> => {
  await records.clients.withdraw(id, tenant)
  return await records.clients.listGrants(id)
})

/** No such client, or not one that the caller may know of. */
export const unknownClient = (id: string): Refusal =>
  new Refusal('client_not_found', {
    message: `There is no client ${id}.`,
    field: 'client_id',
    expected: 'the id of a client that GET /api/v1/clients lists',
  })

function newPair(random: Random): { clientId: string; secret: string; secretHash: string } {
  const secret = urlSafeSecret(random)
  return { clientId: urlSafeSecret(random), secret, secretHash: fingerprintOf(secret) }
}

const sealing =
  (secret: string, { vault, random }: { vault: Vault; random: Random }) =>
  (row: string): Uint8Array =>
    vault.seal(secret, clientSecretPlace(row), random.bytes(nonceBytes))
