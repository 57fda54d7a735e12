import type { Client } from '../../domain/client.ts'
import { type Refused, refused } from '../../oauth/refused.ts'
import type { Readings } from '../../store/records.ts'
import { clientWith } from '../recognise.ts'
import type { Parameters } from './parameters.ts'

/** The client that asks, proven by its secret: in the header (`Basic`) or among the parameters (RFC 6749 §2.3.1). */
export async function clientIn(
  { header, parameters }: { header: string | undefined; parameters: Parameters },
  read: Readings,
): Promise<Client | Refused> {
  const sent = { clientId: parameters('client_id'), secret: parameters('client_secret') }
  const basic = header === undefined ? null : credentialsIn(header)
  if (header !== undefined && basic === null) return wrong
  // Some clients send their id in both places, which does no harm as long as it is one client.
  const isOneClient = basic === null || sent.clientId === null || sent.clientId === basic.clientId
  if (!isOneClient) return wrong

  const clientId = basic?.clientId ?? sent.clientId
  const secret = basic?.secret ?? sent.secret
  if (clientId === null || secret === null) return wrong
  return (await clientWith({ clientId, secret }, read)) ?? wrong
}

const wrong = refused('invalid_client', 'This client_id and client_secret do not belong together.')

/** Both are form-encoded before they are joined, which is more than RFC 7617 asks for. */
function credentialsIn(header: string): { clientId: string; secret: string } | null {
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(header.trim()) ?? []
  if (encoded === undefined) return null
  const [, clientId, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  if (clientId === undefined || secret === undefined) return null
  try {
    return { clientId: formDecoded(clientId), secret: formDecoded(secret) }
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}

const formDecoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
