import type { ScheduleName } from '../../domain/retry-schedule.ts'
import type { Instant } from '../../domain/time.ts'
import { type Health, isFailingTooLong } from '../../domain/webhook.ts'
import type { Database } from './database.ts'
import { statusCodes } from './delivery-columns.ts'
import type { SettlementRow } from './settlement-columns.ts'

type Page = Health & { schedule: ScheduleName }

const delivered = statusCodes.delivered

/** How webhooks fare. Many attempts of a webhook in one commit are read and written once. */
export class HealthBook {
  readonly #pages = new Map<number, Page>()
  readonly #q

  constructor(db: Database) {
    this.#q = {
      find: db.prepare(
        `select failing_since, consecutive_failures, last_attempted_at, schedule
         from webhooks left join webhook_health on webhook_id = id where id = ?`,
      ),
      write: db.prepare(
        `insert into webhook_health (webhook_id, failing_since, consecutive_failures, last_attempted_at)
         values (?1, ?2, ?3, ?4)
         on conflict do update set failing_since = ?2, consecutive_failures = ?3, last_attempted_at = ?4`,
      ),
    }
  }

  /**
   * Notes an attempt. `isBack`: a receiver that failed answers again, and gets everything that waits, as Patreon does
   * it. `isHopeless`: it did nothing but fail for too long.
   */
  note({ webhookId, status, startedAt }: SettlementRow, now: Instant): { isBack: boolean; isHopeless: boolean } {
    const page = this.#page(webhookId)
    page.lastAttemptedAt = startedAt
    if (status === delivered) {
      const isBack = page.schedule === 'patreon' && page.failingSince !== null
      page.failingSince = null
      page.consecutiveFailures = 0
      return { isBack, isHopeless: false }
    }
    page.failingSince ??= startedAt
    page.consecutiveFailures += 1
    return { isBack: false, isHopeless: isFailingTooLong(page, page.schedule, now) }
  }

  /** Opens the book anew: what was noted before may not have been committed, or may have been changed since. */
  forget(): void {
    this.#pages.clear()
  }

  /** Writes down what was noted. */
  write(): void {
    for (const [webhookId, { failingSince, consecutiveFailures, lastAttemptedAt }] of this.#pages) {
      this.#q.write.run(webhookId, failingSince, consecutiveFailures, lastAttemptedAt)
    }
  }

  #page(webhookId: number): Page {
    const open = this.#pages.get(webhookId)
    if (open !== undefined) return open
    const row = this.#q.find.get(webhookId) as Row | undefined
    const page: Page = {
      failingSince: row?.failing_since ?? null,
      consecutiveFailures: row?.consecutive_failures ?? 0,
      lastAttemptedAt: row?.last_attempted_at ?? null,
      schedule: row?.schedule ?? 'standard',
    }
    this.#pages.set(webhookId, page)
    return page
  }
}

type Row = {
  failing_since: number | null
  consecutive_failures: number | null
  last_attempted_at: number | null
  schedule: ScheduleName
}
