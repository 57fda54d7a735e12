/** What the server wrote down of its attempts, read past it. */
import { DatabaseSync } from '@photostructure/sqlite'
import { type OutcomeColumns, outcomeIn } from '#src/store/outcome-columns.ts'

/** How an attempt at a webhook ended: its status, or its kind with phase or code. */
export type Ended = { webhookId: string; ended: string }

/** Every attempt, as they lie in the store. */
export function attemptsIn(storePath: string): Ended[] {
  const db = new DatabaseSync(storePath, { readOnly: true })
  const rows = db.prepare('select * from attempts').all() as (OutcomeColumns & { webhook_id: number })[]
  db.close()
  return rows.map((row) => ({ webhookId: String(row.webhook_id), ended: endOf(row) }))
}

/** Those that no receiver answered with success. */
export const failedAttempts = (storePath: string): Ended[] =>
  attemptsIn(storePath).filter(({ ended }) => !/^2\d\d$/.test(ended))

function endOf(row: OutcomeColumns): string {
  const outcome = outcomeIn(row)
  if (outcome.kind === 'answered') return String(outcome.answer.status)
  if ('phase' in outcome) return `${outcome.kind} ${outcome.phase}`
  return 'code' in outcome ? `${outcome.kind} ${outcome.code}` : outcome.kind
}
