import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '#src/clock.ts'
import { readConfig } from '#src/config.ts'
import { start } from '#src/main.ts'
import { aReceiver } from '../receiver.ts'

const settings = { TIDINGS_PORT: '0', TIDINGS_LOG: 'silent', TIDINGS_ALLOW_PRIVATE: '127.0.0.0/8' }

test('a webhook whose secret was damaged on disk gets nothing, and all others get theirs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const receivers = [await aReceiver(systemClock), await aReceiver(systemClock)]
  onTestFinished(async () => void (await Promise.all(receivers.map((receiver) => receiver.close()))))
  const config = readConfig({ ...settings, TIDINGS_DATA: folder })
  const first = await start(config)
  const key = first.first?.key ?? ''
  await post('/api/v1/triggers', { name: 'invoice:paid' })
  const { id: client_id } = await post('/api/v1/clients', { name: 'An app' })
  await post(`/api/v1/clients/${client_id}/grants`, { tenant: 'acme' })
  for (const { uri } of receivers) await post('/api/v1/webhooks', { client_id, uri, triggers: ['invoice:paid'] })
  await first.stop()

  const db = new DatabaseSync(join(folder, 'tidings.db'))
  db.exec('update webhooks set secret_sealed = zeroblob(60) where id = 1')
  db.close()
  const next = await start(config)
  onTestFinished(() => next.stop())
  await post('/api/v1/events', { tenant: 'acme', trigger: 'invoice:paid', body: { paid: true } }, next.url)
  await receivers[1]?.hears(1)

  expect(receivers.map(({ received }) => received.length)).toEqual([0, 1])

  async function post(path: string, body: unknown, url = first.url): Promise<{ id: string }> {
    const headers = { authorization: key, 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
})
