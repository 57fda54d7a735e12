/** One call of v2: it recognises who asks, is given what was asked in order, and answers with a document. */
import type { FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from 'fastify'
import type { Json } from '../../domain/wire-json.ts'
import { inAscii } from '../../domain/wire-json.ts'
import { type V2Type, v2Link } from '../../membership/documents/v2/resource.ts'
import { accessIn } from '../patreon/bearer.ts'
import { type PatreonTools, patreonMediaType } from '../patreon/scope.ts'
import { writtenWith } from './document.ts'
import { Library } from './library.ts'
import type { Paging } from './paging.ts'
import { type Parameters, type Wanted, wantedIn, withAllOf } from './query.ts'
import { type Viewer, viewerOf } from './viewer.ts'

/** What a call is given. */
export type Asked = {
  viewer: Viewer
  /** The `:id` of the path; empty where it has none. */
  id: string
  parameters: Parameters
  /** Where the call was made, in absolute form. */
  address: URL
  request: FastifyRequest
  reply: FastifyReply
}

/** A call, and where it is; paths begin behind `/v2`. Null answers with nothing. */
export type V2Call = { method: HTTPMethods; path: string; handle: (asked: Asked) => Promise<Json | null> }

/** The route of a call. */
export function routeOf({ method, path, handle }: V2Call, tools: PatreonTools): RouteOptions {
  const { store, clock, limits, linkBase } = tools
  return {
    method,
    url: path,
    schema: { hide: true },
    async handler(request, reply) {
      const access = await accessIn(request, store.read, clock)
      limits.count(access)
      const viewer = await viewerOf(access, store.read)
      // The router and its parser of queries make nothing else.
      const { id = '' } = request.params as { id?: string }
      const parameters = request.query as Parameters
      const address = new URL(linkBase + request.url)
      const document = await handle({ viewer, id, parameters, address, request, reply })
      if (document === null) return reply.send()
      // To text the framework would add a charset, which this media type has not.
      const bytes = Buffer.from(inAscii(JSON.stringify(document)), 'latin1')
      return reply.header('content-type', patreonMediaType).send(bytes)
    },
  }
}

/** What a document is about, and what is shown of it. */
export type About = { type: V2Type; wanted: Wanted; library: Library; viewer: Viewer; linkBase: string }

/** Reads what is to be shown, and opens the library for it. */
export const about = (type: V2Type, asked: Asked, tools: PatreonTools): About =>
  showing(wantedIn(asked.parameters, type), type, { asked, tools })

/** The same for what is made or changed: everything of these kinds is shown, unless something else is asked for. */
export const aboutAllOf = (types: readonly [V2Type, ...V2Type[]], asked: Asked, tools: PatreonTools): About =>
  showing(withAllOf(types, wantedIn(asked.parameters, types[0])), types[0], { asked, tools })

function showing(wanted: Wanted, type: V2Type, { asked, tools }: { asked: Asked; tools: PatreonTools }): About {
  const { store, linkBase } = tools
  const { viewer } = asked
  return { type, wanted, viewer, linkBase, library: new Library({ read: store.read, viewer, wanted, linkBase }) }
}

/** The document of one thing. */
export async function singleDocument(id: string, subject: About): Promise<{ [part: string]: Json }> {
  const { data, ...included } = await written([id], subject)
  const { type, linkBase } = subject
  return { data: data[0] ?? null, ...included, links: { self: v2Link({ type, id }, linkBase) } }
}

/** The document of a part of a list. */
export async function listDocument(ids: readonly string[], paging: Paging, subject: About): Promise<Json> {
  const { data, ...included } = await written(ids, subject)
  return { data, ...included, ...paging } as Json
}

const written = async (ids: readonly string[], { type, wanted, library, viewer, linkBase }: About) =>
  await writtenWith(type, ids, { wanted, opens: viewer.access.opens, load: library.load, linkBase })
