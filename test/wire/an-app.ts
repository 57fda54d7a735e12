/** An app that people log in to with their account here: its client, its callback address, and a browser at the desk. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { make } from '../people.ts'
import type { World } from '../world.ts'

const password = 'a few words in a row'

/** A person who chose a password in this browser, and is logged in there. */
export async function aPatron(world: World, page: Page, name: string): Promise<{ id: string; email: string }> {
  const email = `${name}@example.test`
  const account = await make<{ id: string; link: string }>(world, '/api/v1/accounts', {
    email,
    full_name: `${name} Tern`,
  })
  await page.goto(world.server.url + new URL(account.link).pathname)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Keep this password' }).click()
  return { id: account.id, email }
}

/** What an app does with a request to its own address. */
export type AppDoor = (request: IncomingMessage, response: ServerResponse) => void

/** An app's own server on a free port, until the test ends. */
export async function anAppServer(door: AppDoor): Promise<string> {
  const server = createServer(door)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

export type AnApp = { clientId: string; secret: string; redirectUri: string; creatorToken: string; callbacks: URL[] }

/** A client of this creator, whose app remembers how it was called back. */
export async function anApp(world: World, creator: { key: string }, apiVersion: 1 | 2): Promise<AnApp> {
  const callbacks: URL[] = []
  const url = await anAppServer((request, response) => {
    callbacks.push(new URL(request.url ?? '/', url))
    response.end('logged in')
  })
  const redirectUri = `${url}/callback`
  const made = await make<{ client_id: string; client_secret: string; creator_access_token: string }>(
    world,
    '/api/v1/clients',
    { name: 'An app', redirect_uris: [redirectUri], api_version: apiVersion },
    creator.key,
  )
  const { client_id, client_secret, creator_access_token } = made
  return { clientId: client_id, secret: client_secret, redirectUri, creatorToken: creator_access_token, callbacks }
}

/** Goes to an authorization address and allows what is asked; the address that the browser was sent to. */
export async function allow(page: Page, authorizationUrl: string): Promise<URL> {
  await page.goto(authorizationUrl)
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(/\/callback/)
  return new URL(page.url())
}
