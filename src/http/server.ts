/** The door: one HTTP server for the API, the kittens and the pages. Which URL is what stands in `routes.ts`. */
import { createServer, maxHeaderSize, type RequestListener, type Server } from 'node:http'
import type { Socket } from 'node:net'
import cookie from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import session from '@fastify/session'
import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Clock } from '../clock.ts'
import { Refusal } from '../domain/refusal.ts'
import { type Duration, seconds } from '../domain/time.ts'
import type { Log } from '../log.ts'
import { pagePolicy } from '../pages/policy.ts'
import type { Passage } from '../passage.ts'
import type { ApiTools } from './api/tools.ts'
import { parseJson } from './json-body.ts'
import { KnownPaths } from './known-paths.ts'
import { openApiOptions } from './openapi.ts'
import { sessionOptions } from './sessions.ts'
import { shortWay } from './short-way.ts'
import { isForPrograms, tell, toldInBytes } from './telling.ts'

/** A request that has not arrived by then is dropped: nobody may keep a socket by being slow. */
const requestTimeout: Duration = seconds(30)

/** Of it, so long for the headers. */
const headersTimeout: Duration = seconds(10)

/** How often slow requests are looked for. */
const connectionsCheckingInterval: Duration = seconds(1)

/** Longer than the minute for which proxies keep their connections: who closes first must be the one who knows. */
const keepAliveTimeout: Duration = seconds(72)

const patience = { keepAliveTimeout, requestTimeout, headersTimeout, connectionsCheckingInterval }

/** Everything else that is sent here is small. */
const requestLimitBytes = 512 * 1024

type Tools = ApiTools & {
  log: Log
  /** The machine's clock, whatever time the rest is told. */
  machine: Clock
  vaultKey: Uint8Array
  /** Tells somebody with a browser that there is nothing at an address. */
  answerWithPage: (refusal: Refusal, request: FastifyRequest, reply: FastifyReply) => FastifyReply
}

/** What the server answers. `keyed` calls know their callers by a key alone: no session is looked for there. */
type Routes = Record<'keyed' | 'rest', (app: FastifyInstance) => Promise<void>>

/** Opens no port yet. */
export async function makeServer(tools: Tools, { keyed, rest }: Routes): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: requestLimitBytes,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
    forceCloseConnections: true,
    serverFactory: (answer) => shortWay(serverWith(answer), tools),
    frameworkErrors: (error, request, reply) => void tell(error, { request, reply, tools }),
    clientErrorHandler: hangUp(tools),
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.removeContentTypeParser(['application/json', 'text/plain'])
  app.addContentTypeParser(/^application\/(?:[a-z.+-]+\+)?json\b/, { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parseJson(body as Buffer))
    } catch (error) {
      done(error as Error, undefined)
    }
  })

  const paths = new KnownPaths()
  app.addHook('onRoute', ({ method, path }) => paths.add(method, path))
  app.setErrorHandler((error, request, reply) => tell(error, { request, reply, tools }))
  app.setNotFoundHandler((request, reply) => {
    const refusal = paths.refusalFor(request.method, request.url.split('?', 1)[0] ?? '', (allowed) => {
      void reply.header('allow', allowed)
    })
    if (!isForPrograms(request.url) && request.headers.accept?.includes('text/html') === true) {
      return tools.answerWithPage(refusal, request, reply)
    }
    throw refusal
  })
  app.addHook('onRequest', mustTakeJson)
  app.addHook('preParsing', askForTheBody)
  if (tools.passage !== null) app.addHook('onRequest', tellingTime(tools.passage))
  await app.register(swagger, openApiOptions)
  await app.register(keyed)
  // A room of its own: what it registers, the keyed calls don't pay for.
  await app.register(async (inner) => {
    await registerPlugins(inner, tools)
    await rest(inner)
  })
  await app.ready()
  return app
}

function serverWith(answer: RequestListener): Server {
  const server = createServer({ ...patience, requireHostHeader: false }, answer)
  server.on('checkContinue', keepingTheBody(answer))
  // Node would refuse what it can't meet without a word why; a server may pass over it (RFC 9110 §10.1.1).
  return server.on('checkExpectation', answer)
}

async function registerPlugins(app: FastifyInstance, tools: Tools): Promise<void> {
  const isSecure = tools.publicUrl.startsWith('https:')
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: pagePolicy,
    },
    hsts: isSecure,
  })
  await app.register(rateLimit, { global: false })
  await app.register(formbody)
  await app.register(cookie)
  await app.register(session, sessionOptions({ ...tools, isSecure }))
  await app.register(csrf, { sessionPlugin: '@fastify/session' })
}

type Unparsed = Error & { code?: string; rawPacket?: unknown }

/** What is no HTTP, or came too slowly, is told so in HTTP, and its connection ends. */
const hangUp =
  ({ random, clock }: Tools) =>
  ({ code = '', rawPacket }: Unparsed, socket: Socket): void => {
    if (!socket.writable) return
    const [refusal, reason] = unparsed[code] ?? noHttp
    // It may have been written well as far as the address.
    const [, url = ''] = /^[A-Z]+ (\S+)/.exec(Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : '') ?? []
    const { type, body } = toldInBytes(refusal, url, random.id(clock.now()))
    const headers = `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close`
    socket.write(`HTTP/1.1 ${refusal.status} ${reason}\r\n${headers}\r\n\r\n`)
    socket.end(body)
  }

const noHttp: [Refusal, string] = [new Refusal('request_malformed', { message: 'This is no HTTP.' }), 'Bad Request']

/**
 * Who asks before they send a body (RFC 9110 §10.1.1) is asked for it once they were let in. Who is refused keeps it, and the
 * connection ends: nobody could tell what comes next on it.
 */
const keepingTheBody =
  (answer: RequestListener): RequestListener =>
  (request, response) => {
    response.setHeader('connection', 'close')
    answer(request, response)
  }

function askForTheBody(request: FastifyRequest, { raw }: FastifyReply, _body: unknown, done: () => void): void {
  if (request.headers.expect !== undefined && raw.hasHeader('connection')) {
    raw.removeHeader('connection')
    raw.writeContinue()
  }
  done()
}

/** Who is told of moments can tell how long ago they are only by the clock that they come from. */
const tellingTime = (passage: Passage) => async (_request: FastifyRequest, reply: FastifyReply) => {
  if (passage.ahead() > 0) reply.header('tidings-clock-ahead', String(passage.ahead() / seconds(1)))
}

const unparsed: Record<string, [Refusal, string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    new Refusal('request_too_slow', { message: 'The request came too slowly.' }),
    'Request Timeout',
  ],
  HPE_HEADER_OVERFLOW: [
    new Refusal('headers_too_large', {
      message: 'Address and headers are too long.',
      expected: `at most ${maxHeaderSize} bytes of both together`,
    }),
    'Request Header Fields Too Large',
  ],
}

/** The API speaks JSON; who can't read it learns that before anything happens. */
async function mustTakeJson(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (!request.url.startsWith('/')) throw new Refusal('request_malformed', { message: 'This is no path.' })
  // Node would say so without a body.
  if (request.headers.host === undefined && request.raw.httpVersion === '1.1') throw hostless()
  if (!isForPrograms(request.url)) return
  reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  const { accept } = request.headers
  if (accept === undefined) return
  if (/\*\/\*|application\/(?:\*|[a-z.+-]*json)/i.test(accept)) return
  throw new Refusal('answer_not_acceptable', {
    message: `Answers here are JSON, and ${JSON.stringify(accept.slice(0, 100))} was asked for.`,
    field: 'Accept',
    expected: 'application/json',
  })
}

const hostless = (): Refusal =>
  new Refusal('request_malformed', {
    message: 'HTTP/1.1 wants a Host (RFC 9112 §3.2).',
    field: 'Host',
    expected: 'the host of the address',
  })
