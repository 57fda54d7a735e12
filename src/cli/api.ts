import { join, resolve } from 'node:path'
import createClient, { type Client } from 'openapi-fetch'
import { z } from 'zod'
import { operatorKeyName, readIfThere } from '../data-folder.ts'
import type { components, paths } from './generated/api.ts'

/** What the API calls things. */
export type Schemas = components['schemas']

/** The API, typed from its own description. */
export type Api = Client<paths>

/** The environment that a command was started in. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where the server is, and with what to ask it. */
export type Place = { url: string; key: string | null; keyFrom: string }

/** Where the environment says the server is; without a word about it, on this machine. */
export function placeIn(environment: Environment): Place {
  const url = given(environment['TIDINGS_URL']) ?? `http://127.0.0.1:${given(environment['TIDINGS_PORT']) ?? '8080'}`
  const fromEnvironment = given(environment['TIDINGS_API_KEY'])
  if (fromEnvironment !== null) return { url: trimmed(url), key: fromEnvironment, keyFrom: 'TIDINGS_API_KEY' }
  const file = join(resolve(given(environment['TIDINGS_DATA']) ?? 'data'), operatorKeyName)
  return { url: trimmed(url), key: readIfThere(file)?.trim() ?? null, keyFrom: file }
}

/** The API at a place. */
export const apiAt = ({ url, key }: Pick<Place, 'url' | 'key'>): Api =>
  createClient<paths>({ baseUrl: url, ...(key === null ? {} : { headers: { Authorization: key } }) })

/** The API as a client sees it who shows its id and secret (RFC 7617). */
export const apiForClient = (url: string, pair: { clientId: string; clientSecret: string }): Api =>
  apiAt({ url, key: `Basic ${Buffer.from(`${pair.clientId}:${pair.clientSecret}`).toString('base64')}` })

/** What a call comes back with. */
export type Reply<Answer> = { data?: Answer; error?: unknown; response: Response }

/** A caller's mistake as the API tells it. */
export type Problem = { code: string; message: string; field?: string | undefined; expected?: string | undefined }

/** The server said no. */
export class Refused extends Error {
  readonly status: number
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(problem.message)
    this.status = status
    this.problem = problem
  }
}

/** Nobody answers where the server should be. */
export class NoServer extends Error {}

/** The answer of a call; throws `Refused` or `NoServer` when there is none. */
export async function answerOf<Answer>(call: Promise<Reply<Answer>>): Promise<Answer> {
  const { data, error, response } = await connected(call)
  if (!response.ok) throw new Refused(response.status, problemIn(error, response.status))
  // Where the API answers with nothing, `Answer` is undefined.
  return data as Answer
}

/** The answer of a call, or null when what it names is not there. */
export async function found<Answer>(call: Promise<Reply<Answer>>): Promise<Answer | null> {
  try {
    return await answerOf(call)
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null
    throw error
  }
}

async function connected<Answer>(call: Promise<Reply<Answer>>): Promise<Reply<Answer>> {
  try {
    return await call
  } catch (error) {
    // `fetch` rejects with a TypeError when no answer came; what is behind it says why.
    if (error instanceof TypeError && error.message === 'fetch failed') throw new NoServer(reasonIn(error.cause))
    throw error
  }
}

function reasonIn(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return cause instanceof Error ? cause.message : 'no answer'
}

const problemShape = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    field: z.string().optional(),
    expected: z.string().optional(),
  }),
})

/** A proxy in between doesn't speak as the API does. */
function problemIn(error: unknown, status: number): Problem {
  const parsed = problemShape.safeParse(error)
  if (parsed.success) return parsed.data.error
  return { code: 'unknown', message: `What answered is no Tidings: it said ${status}, and not in its way.` }
}

const given = (value: string | undefined): string | null => (value === undefined || value === '' ? null : value)

const trimmed = (url: string): string => url.replace(/\/+$/, '')
