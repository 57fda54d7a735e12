import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { systemClock } from '#src/clock.ts'
import { aReceiver } from '../receiver.ts'
import { ServerProcess } from './ledger/server-process.ts'

test('what fails elsewhere: an accepted event that is never queued after a crash between two writes. It is one write here', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const receiver = await aReceiver(systemClock)
  onTestFinished(() => receiver.close())
  const first = await ServerProcess.start(folder)
  const post = postWith(first)
  await post('/api/v1/triggers', { name: 'invoice:paid' })
  const { id: client_id } = await post('/api/v1/clients', { name: 'An app' })
  await post(`/api/v1/clients/${client_id}/grants`, { tenant: 'acme' })
  await post('/api/v1/webhooks', { client_id, uri: receiver.uri, triggers: ['invoice:paid'] })

  const { id } = await post('/api/v1/events', { tenant: 'acme', trigger: 'invoice:paid', body: { paid: true } })
  await first.kill()
  const next = await ServerProcess.start(folder)
  onTestFinished(async () => void (await next.kill()))
  await receiver.hears(1)

  const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
  expect(new Set(ids)).toEqual(new Set([`${id}~invoice:paid`]))
})

const postWith =
  ({ url, key }: ServerProcess) =>
  async (path: string, body: unknown): Promise<{ id: string }> => {
    const headers = { authorization: key ?? '', 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
