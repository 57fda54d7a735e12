/** Somebody with a browser and no scripts, and a client that sends them to log in. */
import { join } from 'node:path'
import type { Access } from '#src/domain/oauth-scope.ts'
import { fingerprintOf } from '#src/domain/vault.ts'
import { recordsOn } from '#src/store/records.ts'
import { kyselyOn, openForReading } from '#src/store/sqlite/database.ts'
import { type AClient, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'

export type Page = { status: number; location: string; text: string; headers: Headers }

/** Where a client has its people come back to. */
export const callback = 'https://app.example/callback?from=tidings'

const password = 'a few words in a row'

/** A browser that keeps cookies, follows nothing by itself, and sends forms as they stand on the page. */
export class Visitor {
  readonly #world: World
  readonly #cookies = new Map<string, string>()
  #last = ''

  constructor(world: World) {
    this.#world = world
  }

  open(path: string): Promise<Page> {
    return this.#ask(path, { method: 'GET' })
  }

  /** Sends the form of a page (the last one) whose action begins so, with some fields filled in. */
  send(action: string, fields: Record<string, string> = {}, page = this.#last): Promise<Page> {
    return this.#submit(formWith(`action="${action}`, page), { action, fields })
  }

  /** Sends the form with this button. */
  press(button: string): Promise<Page> {
    return this.#submit(formWith(`>${button}</button>`, this.#last), { action: 'no such form', fields: {} })
  }

  #submit(form: string, { action, fields }: { action: string; fields: Record<string, string> }): Promise<Page> {
    const address = unescaped(/action="([^"]*)"/.exec(form)?.[1] ?? action)
    const hidden = form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
    const sent = Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, unescaped(value)]))
    return this.#ask(address, { method: 'POST', body: new URLSearchParams({ ...sent, ...fields }) })
  }

  /** Goes where the page before said, as long as that is here. */
  async follow(page: Page): Promise<Page> {
    let next = page
    while (next.location.startsWith('/')) next = await this.open(next.location)
    return next
  }

  async #ask(path: string, init: RequestInit): Promise<Page> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(this.#world.server.url + path, { ...init, redirect: 'manual', headers: { cookie } })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      this.#cookies.set(name, value)
    }
    this.#last = await answer.text()
    const location = answer.headers.get('location') ?? ''
    return { status: answer.status, location, text: this.#last, headers: answer.headers }
  }
}

function formWith(text: string, page: string): string {
  const forms = page
    .split('<form ')
    .slice(1)
    .map((part) => part.split('</form>')[0] ?? '')
  return forms.find((form) => form.includes(text)) ?? ''
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** Somebody who has just chosen a password, and is logged in. */
export async function aVisitor(world: World, name: string): Promise<Visitor & { id: string }> {
  const email = `${name}@example.test`
  const { id, link } = await make<{ id: string; link: string }>(world, '/api/v1/accounts', { email, full_name: name })
  const visitor = new Visitor(world)
  const path = new URL(link).pathname
  await visitor.open(path)
  await visitor.send(path, { password })
  return Object.assign(visitor, { id })
}

/** Logs out. */
export async function logOut(visitor: Visitor): Promise<void> {
  await visitor.open('/')
  await visitor.send('/logout')
}

/** Logs in on the page that is open, and goes where that leads. */
export const logIn = async (visitor: Visitor, name: string): Promise<Page> =>
  await visitor.follow(await visitor.send('/login', { email: `${name}@example.test`, password }))

export type OAuthClient = AClient & { creatorAccess: string; creatorRefresh: string }

/** A client of which the redirect URIs are registered. */
export async function anOAuthClient(
  world: World,
  { as, version = 1, uris = [callback] }: { as?: string; version?: 1 | 2; uris?: readonly string[] } = {},
): Promise<OAuthClient> {
  const made = await make<Record<string, string>>(
    world,
    '/api/v1/clients',
    { name: 'An <app>', redirect_uris: uris, api_version: version },
    as,
  )
  return clientShown(made)
}

/** A client as the call that made it shows it. */
export function clientShown(made: Record<string, string>): OAuthClient {
  const { id = '', client_id: clientId = '', client_secret: secret = '' } = made
  const basic = `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`
  const { creator_access_token: creatorAccess = '', creator_refresh_token: creatorRefresh = '' } = made
  return { id, clientId, secret, basic, creatorAccess, creatorRefresh }
}

/** The address to which a client sends somebody. */
export const authorizePath = (client: AClient, more: Record<string, string> = {}, path = '/oauth2/authorize'): string =>
  `${path}?${new URLSearchParams({
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: callback,
    state: 'a state',
    ...more,
  }).toString()}`

/** Lets a client in and says what comes back with the browser. */
export async function consent(
  visitor: Visitor,
  client: AClient,
  more: Record<string, string> = {},
): Promise<URLSearchParams> {
  await visitor.open(authorizePath(client, more))
  return new URL((await visitor.send('/oauth2/authorize', { decision: 'allow' })).location).searchParams
}

export type TokenAnswer = {
  status: number
  headers: Headers
  body: { access_token: string; refresh_token: string; scope: string; error?: string; error_description?: string }
}

/** Asks the token endpoint, by a form. */
export async function askTokens(
  world: World,
  client: AClient,
  parameters: Record<string, string>,
  path = '/api/oauth2/token',
): Promise<TokenAnswer> {
  const body = new URLSearchParams({ client_id: client.clientId, client_secret: client.secret, ...parameters })
  const answer = await fetch(world.server.url + path, { method: 'POST', body })
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: text === '' ? {} : JSON.parse(text) }
}

export const exchange = (world: World, client: AClient, code: string | null, more: Record<string, string> = {}) =>
  askTokens(world, client, { grant_type: 'authorization_code', code: code ?? '', redirect_uri: callback, ...more })

export const refresh = (world: World, client: AClient, token: string, more: Record<string, string> = {}) =>
  askTokens(world, client, { grant_type: 'refresh_token', refresh_token: token, ...more })

/** Whom a token speaks for at this moment, as every door that takes tokens asks the store; null when it opens nothing. */
export async function accessWith(world: World, token: string): Promise<Access | null> {
  const db = kyselyOn(openForReading(join(world.folder, 'tidings.db')))
  try {
    return await recordsOn(db).authorizations.findAccess(fingerprintOf(token), world.clock.now())
  } finally {
    await db.destroy()
  }
}

/** A world with a client in it, and Pat, who is logged in. */
export async function aVisit() {
  const world = await aWorld()
  return { world, client: await anOAuthClient(world), pat: await aVisitor(world, 'pat') }
}

/** A visitor who is logged in, a client, and the tokens that the client got. */
export async function aFlow(world: World, client: OAuthClient, name = 'pat') {
  const visitor = await aVisitor(world, name)
  const code = (await consent(visitor, client)).get('code')
  return { visitor, code, tokens: (await exchange(world, client, code)).body }
}
