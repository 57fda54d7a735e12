/**
 * Clients that are made and deleted by a client, as WordPress does it (wire.md §4.3): somebody lets it in with the scope
 * `w:identity.clients`, and it makes them a client of their own. It sees the clients of that account and no others. The
 * creator's own token of a client, which can't have the scope, sees and deletes that client alone.
 */
import type { Client } from '../../domain/client.ts'
import type { Access } from '../../domain/oauth-scope.ts'
import { Refusal } from '../../domain/refusal.ts'
import { v2Link } from '../../membership/documents/v2/resource.ts'
import { deleteClient, registerClient } from '../../registration/clients.ts'
import type { Readings } from '../../store/records.ts'
import type { ApiTools } from '../api/tools.ts'
import { mustOpen } from '../patreon/bearer.ts'
import type { PatreonTools } from '../patreon/scope.ts'
import { type Asked, about, aboutAllOf, listDocument, singleDocument, type V2Call } from './call.ts'
import { profileAsked } from './client-asked.ts'
import { orderIn, pageAmong, pageIn, pagingTo } from './paging.ts'

/** What these calls work with. */
export type ClientTools = PatreonTools & Pick<ApiTools, 'wake'>

/** As many as an account may have. */
const clientPages = { usual: 100, most: 100 }

/** All of them. */
export function clientCalls(tools: ClientTools): V2Call[] {
  const at = (method: V2Call['method'], path: string, handle: Handle): V2Call => ({
    method,
    path,
    handle: (asked) => handle(asked, tools),
  })
  return [
    at('GET', '/clients', listClients),
    at('POST', '/clients', makeClient),
    at('GET', '/clients/:id', showClient),
    at('DELETE', '/clients/:id', removeClient),
  ]
}

type Handle = (asked: Asked, tools: ClientTools) => ReturnType<V2Call['handle']>

const listClients: Handle = async (asked, tools) => {
  const { viewer, parameters, address } = asked
  const all = await seenBy(viewer.access, tools.store.read)
  const subject = about('oauth-client', asked, tools)
  const asks = pageIn(parameters, clientPages)
  orderIn(parameters, [])
  const { page, next } = pageAmong(all, asks, { keyOf: ({ id }) => id, isDescending: false })
  subject.library.keepClients(page)
  const ids = page.map(({ clientId }) => clientId)
  return await listDocument(ids, pagingTo(next, { address, total: all.length }), subject)
}

const showClient: Handle = async (asked, tools) => {
  const client = await named(asked, tools)
  const subject = about('oauth-client', asked, tools)
  subject.library.keepClients([client])
  return await singleDocument(client.clientId, subject)
}

const makeClient: Handle = async (asked, tools) => {
  const { store, clock, linkBase } = tools
  const { viewer, request, reply } = asked
  const { access } = viewer
  mustOpen(access, 'w:identity.clients')
  const subject = aboutAllOf(['oauth-client', 'oauth-token'], asked, tools)
  const registration = { accountId: access.accountId, profile: profileAsked(request.body) }
  const made = await store.execute(registerClient, registration, clock.now())

  const { clientId } = made.client
  void reply.status(201).header('location', v2Link({ type: 'oauth-client', id: clientId }, linkBase))
  subject.library.keepNewClient(made)
  return await singleDocument(clientId, subject)
}

const removeClient: Handle = async (asked, tools) => {
  const { store, clock, wake } = tools
  const { id } = await named(asked, tools)
  await store.execute(deleteClient, { id }, clock.now())
  wake()
  void asked.reply.status(204)
  return null
}

async function seenBy(access: Access, { clients }: Readings): Promise<Client[]> {
  if (!access.isCreators) mustOpen(access, 'w:identity.clients')
  const all = await clients.list(access.accountId)
  return access.opens.has('w:identity.clients') ? all : all.filter(({ id }) => id === access.clientId)
}

async function named({ id, viewer }: Asked, { store }: ClientTools): Promise<Client> {
  const client = (await seenBy(viewer.access, store.read)).find(({ clientId }) => clientId === id)
  if (client !== undefined) return client
  throw new Refusal('client_not_found', {
    message: `There is no client ${JSON.stringify(id.slice(0, 100))} among those that the token may see.`,
    expected: 'the id of a client that GET /api/oauth2/v2/clients lists',
  })
}
