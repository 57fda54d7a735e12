import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { aBrowser } from '../browser/browser.ts'
import { aCreator, make } from '../people.ts'
import { anAuthority } from '../transport/certificates.ts'
import { aWorld, type World } from '../world.ts'
import { allow, aPatron } from './an-app.ts'

const browser = aBrowser()

/** Where the strategy sends people; the browser of the test goes to the same path here. */
const patreon = 'https://www.patreon.com'

test('passport-patreon, with Patreon’s hosts written into it, logs somebody in', async () => {
  const world = await aWorld()
  const page = await (await browser.visitor()).newPage()
  const creator = await aCreator(world, 'ada')
  const { port, caFile } = await aFrontOf(world)
  const redirectUri = 'http://127.0.0.1:9999/callback'
  const client = await make<{ client_id: string; client_secret: string }>(
    world,
    '/api/v1/clients',
    { name: 'Passport', redirect_uris: [redirectUri], api_version: 1 },
    creator.key,
  )
  const pat = await aPatron(world, page, 'pat')
  const strategy = {
    clientID: client.client_id,
    clientSecret: client.client_secret,
    callbackURL: redirectUri,
    scope: 'users',
  }
  await page.route('http://127.0.0.1:9999/**', (route) => route.fulfill({ body: 'logged in' }))

  const app = await anApp({ strategy, port, caFile })
  const address = await app.ask({ query: {} })
  const callback = await allow(page, String(address.redirect).replace(patreon, world.server.url))
  const seen = await app.ask({ query: Object.fromEntries(callback.searchParams) })

  expect(String(address.redirect)).toMatch(/^https:\/\/www\.patreon\.com\/oauth2\/authorize\?/)
  expect(seen.profile).toMatchObject({ provider: 'patreon', id: pat.id, name: 'pat Tern' })
  expect(seen.profile).toMatchObject({ avatar: `${world.server.url}/assets/portrait.svg` })
})

/** TLS as Patreon's hosts have it, signed by an authority of the test's own, in front of a server. */
async function aFrontOf(world: World): Promise<{ port: number; caFile: string }> {
  const authority = anAuthority()
  const folder = mkdtempSync(join(tmpdir(), 'front-'))
  const caFile = join(folder, 'ca.pem')
  writeFileSync(caFile, authority.ca)
  const pair = authority.certify('DNS:www.patreon.com,DNS:api.patreon.com,DNS:patreon.com')
  const front = createServer(pair, (socket) => {
    const behind = connect(Number(new URL(world.server.url).port), '127.0.0.1')
    socket.pipe(behind).pipe(socket)
    socket.on('error', () => behind.destroy())
    behind.on('error', () => socket.destroy())
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  onTestFinished(() => {
    front.close()
    authority.remove()
    rmSync(folder, { recursive: true })
  })
  return { port: (front.address() as AddressInfo).port, caFile }
}

type Told = { redirect?: string; profile?: unknown; error?: string }

/** The strategy in a process whose TLS connections to Patreon's hosts end at the front. */
async function anApp({ strategy, port, caFile }: { strategy: object; port: number; caFile: string }) {
  const hosts = new URL('./patreon-hosts.cjs', import.meta.url).pathname
  const program = new URL('./passport-app.cjs', import.meta.url).pathname
  const env = {
    ...process.env,
    PATREON_FRONT_PORT: String(port),
    NODE_EXTRA_CA_CERTS: caFile,
    STRATEGY: JSON.stringify(strategy),
  }
  const child = spawn(process.execPath, ['--require', hosts, program], {
    env,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  onTestFinished(() => void child.kill())
  return {
    async ask(question: { query: Record<string, string> }): Promise<Told> {
      child.send(question)
      const [told] = (await once(child, 'message')) as [Told]
      if (told.error !== undefined) throw new Error(told.error)
      return told
    },
  }
}
