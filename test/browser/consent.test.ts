import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { make } from '../people.ts'
import { aWorld } from '../world.ts'
import { aBrowser } from './browser.ts'

const browser = aBrowser()
const open: Server[] = []

afterEach(() => {
  for (const server of open.splice(0)) server.close()
})

/** An application that has its people come back to one of its hosts and leads them on to another. */
async function anApplication(): Promise<{ callback: string; home: string }> {
  const server = createServer((request, response) => {
    const isCallback = request.headers.host?.startsWith('127.0.0.1') === true
    const query = request.url?.split('?')[1] ?? ''
    if (isCallback) response.writeHead(302, { location: `${home}?${query}` }).end()
    else response.end(`You are in: ${query}`)
  })
  open.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const home = `http://localhost:${port}/`
  return { callback: `http://127.0.0.1:${port}/callback`, home }
}

test('somebody with a browser and no scripts lets an application in and comes back to it, wherever it leads', async () => {
  const world = await aWorld()
  const app = await anApplication()
  const registration = { name: 'My bot', redirect_uris: [app.callback] }
  const client = await make<{ client_id: string }>(world, '/api/v1/clients', registration)
  const person = { email: 'pat@example.test', full_name: 'Pat Tern' }
  const { link } = await make<{ link: string }>(world, '/api/v1/accounts', person)
  const page = await (await browser.visitor()).newPage()
  await page.goto(world.server.url + new URL(link).pathname)
  await page.getByLabel('Password').fill('a few words in a row')
  await page.getByRole('button', { name: 'Keep this password' }).click()

  const query = { response_type: 'code', client_id: client.client_id, redirect_uri: app.callback, state: 's' }
  await page.goto(`${world.server.url}/oauth2/authorize?${new URLSearchParams(query)}`)
  await page.getByRole('button', { name: 'Log in as somebody else' }).click()
  await page.getByLabel('E-mail').fill('pat@example.test')
  await page.getByLabel('Password').fill('a few words in a row')
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await page.getByRole('heading', { name: 'Let My bot in?' }).waitFor()
  await page.getByRole('button', { name: 'Allow' }).click()

  await page.getByText(/You are in: code=[\w-]{43}&state=s/).waitFor()
  expect(page.url()).toContain(app.home)
})
