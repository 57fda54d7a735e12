import { DatabaseSync } from '@photostructure/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi } from '../process/ledger/scene.ts'

test('a webhook whose secret is damaged gets nothing until it is mended, and all others get theirs', async () => {
  const scene = await aScene([healthy])
  onTestFinished(() => scene.close())
  const [damaged, ...others] = scene.hooks
  const sealed = await offline(scene, 'select secret_sealed as sealed from webhooks where id = ?', damaged?.webhook)
  await offline(scene, 'update webhooks set secret_sealed = zeroblob(60) where id = ?', damaged?.webhook)

  const { acked } = await publishTo(scene)
  const { lost } = scene.ledger.findings()
  const heard = [damaged?.heard, others.every((hook) => hook.heard > 0)]
  const { errors } = await scene.server().kill()
  await offline(scene, 'update webhooks set secret_sealed = ?2 where id = ?1', damaged?.webhook, sealed?.['sealed'])
  await drain(scene)

  const after = scene.ledger.findings()
  row(
    'R65',
    after.lost === 0,
    `${lost} of ${acked * 2} deliveries failed to be signed, the others went out; lost ${after.lost} once it was mended`,
  )
  expect(heard).toEqual([0, true])
  expect(errors).toContain(`the secrets of webhook ${damaged?.webhook} can't be opened`)
  expect(after).toMatchObject({ lost: 0, unexpected: 0, wrong: 0, forged: 0 })
  expect(await missingFromApi(scene)).toEqual({ events: [], deliveries: [] })
}, 60_000)

type Scene = Awaited<ReturnType<typeof aScene>>

/** Does something to the store while no server has it open, and starts the next one. */
async function offline(scene: Scene, sql: string, ...values: unknown[]): Promise<Record<string, unknown> | undefined> {
  await scene.server().kill()
  const db = new DatabaseSync(scene.storePath)
  const found = db.prepare(sql).get(...(values as string[])) as Record<string, unknown> | undefined
  db.close()
  await scene.restart()
  return found
}

/** Publishes until all who can hear have heard. */
async function publishTo(scene: Scene): Promise<{ acked: number }> {
  const [damaged, ...others] = scene.hooks
  await scene.load.publish(scene.door(), 3)
  const { acked } = scene.ledger.findings()
  const all = () => others.reduce((sum, { heard }) => sum + heard, damaged?.heard ?? 0)
  const wanted = scene.ledger.ackedPairs().filter((pair) => !pair.startsWith(`${damaged?.webhook}/`)).length
  while (all() < wanted) await new Promise((resolve) => setImmediate(resolve))
  return { acked }
}
