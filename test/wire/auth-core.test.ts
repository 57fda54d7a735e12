import { Auth } from '@auth/core'
import Patreon from '@auth/core/providers/patreon'
import { expect, test } from 'vitest'
import { aBrowser } from '../browser/browser.ts'
import { aCreator, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'
import { anAppServer, aPatron } from './an-app.ts'

const browser = aBrowser()

test('Auth.js signs somebody in with its Patreon provider, and knows name, e-mail and picture', async () => {
  const world = await aWorld()
  const page = await (await browser.visitor()).newPage()
  const creator = await aCreator(world, 'ada')
  const { app, setClient } = await anAuthApp(world)
  const client = await make<{ client_id: string; client_secret: string }>(
    world,
    '/api/v1/clients',
    { name: 'Auth.js', redirect_uris: [`${app}/auth/callback/patreon`], api_version: 2 },
    creator.key,
  )
  setClient({ clientId: client.client_id, clientSecret: client.client_secret })
  const pat = await aPatron(world, page, 'pat')

  await page.goto(`${app}/auth/signin`)
  await page.getByRole('button', { name: /Patreon/ }).click()
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.waitForURL(`${app}/**`)
  await page.goto(`${app}/auth/session`)
  const session = JSON.parse((await page.locator('body').textContent()) ?? '')

  expect(session.user).toEqual({ name: 'pat Tern', email: pat.email, image: `${world.server.url}/assets/portrait.svg` })
})

/** A server whose whole door is Auth.js; its client is known once it is registered. */
async function anAuthApp(world: World) {
  let client = { clientId: '', clientSecret: '' }
  const at = (path: string) => `${world.server.url}${path}`
  const app: string = await anAppServer((request, response) => {
    // Browsers also ask for a picture, and in the end for the app's first page.
    if (request.url?.startsWith('/auth') !== true) {
      response.end()
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const asked = new Request(app + (request.url ?? '/'), {
        method: request.method ?? 'GET',
        headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]),
        ...(body.length === 0 ? {} : { body }),
      })
      void Auth(asked, configWith(client, at)).then(async (answer) => {
        response.writeHead(answer.status, [...answer.headers].flat())
        response.end(Buffer.from(await answer.arrayBuffer()))
      })
    })
  })
  return { app, setClient: (registered: typeof client) => (client = registered) }
}

const configWith = (client: { clientId: string; clientSecret: string }, at: (path: string) => string) => ({
  basePath: '/auth',
  secret: 'a secret of the app',
  trustHost: true,
  providers: [
    Patreon({
      ...client,
      authorization: { url: at('/oauth2/authorize'), params: { scope: 'identity identity[email]' } },
      token: at('/api/oauth2/token'),
      userinfo: at('/api/oauth2/api/current_user'),
    }),
  ],
})
