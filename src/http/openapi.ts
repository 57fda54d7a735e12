/** How the API describes itself, in OpenAPI 3.1. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { publishingShapes } from './api/publishing-shape.ts'

/** Where these answers lead when they are needed: in words, for each status that a call may give. */
const meaningOf: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made.',
  202: 'On disk; it will be delivered.',
  204: 'Done; there is nothing to say.',
  '4XX': 'Refused: what was wrong, with which field, and what would be right.',
  '5XX': 'Something went wrong here. Where Retry-After is given, nothing was kept and asking again makes sense.',
}

/** What is said of the API as a whole. */
export const openApiOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Tidings',
      version: '1',
      description: 'Webhooks, memberships and kittens.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    components: {
      securitySchemes: {
        key: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'the API key itself, or "Bearer " and the key',
        },
        client: { type: 'http', scheme: 'basic', description: 'a client’s id and secret' },
      },
    },
    security: [{ key: [] }, { client: [] }],
  },
  transform: describedByHand,
  transformObject: (document) => tidied(jsonSchemaTransformObject(document)),
}

/** The doors that check their bodies themselves are described here; to the framework they have no shape. */
function describedByHand(input: Parameters<typeof jsonSchemaTransform>[0]): ReturnType<typeof jsonSchemaTransform> {
  // Pages are for people.
  if (!input.url.startsWith('/api/')) return { schema: { ...input.schema, hide: true }, url: input.url }
  const shape = Object.entries(publishingShapes).find(([operation]) => operation === input.schema?.operationId)?.[1]
  return jsonSchemaTransform(shape === undefined ? input : { ...input, schema: { ...input.schema, ...shape } })
}

type Schemas = Record<string, unknown>
type Call = { responses?: Record<string, { description?: string }> }

/** As far as it is looked into here. */
type Document = { components?: { schemas?: Schemas }; paths?: Record<string, Record<string, Call>> }

/** Without the shapes that nothing refers to, and with a sentence for each answer. */
function tidied<Whole>(whole: Whole): Whole {
  const document = whole as Document
  const schemas = document.components?.schemas ?? {}
  const needed = referredTo(document.paths, schemas)
  for (const name of Object.keys(schemas)) if (!needed.has(name)) delete schemas[name]

  const calls = Object.values(document.paths ?? {}).flatMap((path) => Object.values(path))
  for (const [status, said] of calls.flatMap(({ responses = {} }) => Object.entries(responses))) {
    if (said.description === 'Default Response') said.description = meaningOf[status.toUpperCase()] ?? ''
  }
  return whole
}

function referredTo(start: unknown, schemas: Schemas): Set<string> {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value ?? null).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue
      found.add(name)
      look(schemas[name])
    }
  }
  look(start)
  return found
}
