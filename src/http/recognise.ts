import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { type Caller, scopes } from '../domain/access.ts'
import type { Client } from '../domain/client.ts'
import { Refusal } from '../domain/refusal.ts'
import { fingerprintOf } from '../domain/vault.ts'
import type { Readings } from '../store/records.ts'

/**
 * Says who asks: an API key (bare, the kittens' way, or as `Bearer`, RFC 6750 §2.1), a client with its id and
 * secret (`Basic`, RFC 7617), or somebody who is logged in.
 */
export async function recognise(request: FastifyRequest, read: Readings): Promise<Caller> {
  const { authorization } = request.headers
  if (authorization !== undefined) return await recogniseHeader(authorization, read)
  const accountId = request.session?.get('accountId')
  const account = accountId === undefined || accountId === null ? null : await read.accounts.find(accountId)
  if (account === null) throw nobody()
  return { kind: 'account', accountId: account.id, role: account.role, scopes }
}

/** Says who shows this header. */
export async function recogniseHeader(header: string, read: Readings): Promise<Caller> {
  const authorization = header.trim()
  const [, scheme = '', credentials = authorization] = /^(Bearer|Basic) +(.*)$/i.exec(authorization) ?? []
  return scheme.toLowerCase() === 'basic' ? await byPair(credentials, read) : await byKey(credentials, read)
}

async function byKey(key: string, read: Readings): Promise<Caller> {
  const found = await read.keys.findByHash(fingerprintOf(key))
  if (found === null) {
    throw new Refusal('key_wrong', {
      message: 'There is no such API key, or it was revoked.',
      field: 'Authorization',
      expected: 'the API key itself, with or without "Bearer " before it',
    })
  }
  return { kind: 'account', accountId: found.key.accountId, role: found.role, scopes: found.key.scopes }
}

async function byPair(credentials: string, read: Readings): Promise<Caller> {
  const [clientId = '', secret = ''] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 2)
  const client = await clientWith({ clientId, secret }, read)
  if (client === null) {
    throw new Refusal('credentials_wrong', {
      message: 'This client id and secret do not belong together. A replaced pair is over.',
      field: 'Authorization',
      expected: 'Basic, with the client id as name and the client secret as password',
    })
  }
  return { kind: 'client', clientId: client.id, accountId: client.accountId }
}

/** The client that this id and secret belong to; null when they don't belong together. */
export async function clientWith(
  { clientId, secret }: { clientId: string; secret: string },
  read: Readings,
): Promise<Client | null> {
  const found = await read.clients.findByClientId(clientId)
  return found !== null && areEqual(fingerprintOf(secret), found.secretHash) ? found.client : null
}

const areEqual = (one: string, other: string): boolean =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

const nobody = (): Refusal =>
  new Refusal('key_missing', {
    message: 'This call needs an API key.',
    field: 'Authorization',
    expected: 'the header "Authorization: <key>"; `tidings keys make` makes one',
  })
