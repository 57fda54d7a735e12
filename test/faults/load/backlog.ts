/** What has long been in a store: written straight into its tables, as through the door it would take hours, or a month. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import type { Crowd } from './crowd.ts'
import { bodyOf, tenantOf, trigger } from './events.ts'

/** Deliveries of events numbered from 0, in turn for all webhooks of a crowd whose server is stopped. */
export type Backlog = {
  count: number
  /** When the events were accepted. */
  acceptedAt: number
}

/** They wait, after so many attempts; `dueAt` is an SQL expression of the event's number `n`. */
export function fillWithDue(
  crowd: Crowd,
  { dueAt, attemptsMade = 0, ...backlog }: Backlog & { dueAt: string; attemptsMade?: number },
): void {
  writing(crowd, backlog, (db) => {
    db.exec(`insert into deliveries (sequence, webhook_id, status, attempts_made, at)
      select n + 1, webhook_id, 0, ${attemptsMade}, ${dueAt} from planned order by n`)
    db.exec(`insert into due (webhook_id, sequence, wake_at, is_leased)
      select webhook_id, n + 1, ${dueAt}, 0 from planned order by 1, 2`)
  })
}

/** All are over, one in ten of them exhausted, after so many attempts each. */
export function fillWithEnded(crowd: Crowd, { attempts, ...backlog }: Backlog & { attempts: number }): void {
  const { acceptedAt } = backlog
  writing(crowd, backlog, (db) => {
    db.exec(`insert into deliveries (sequence, webhook_id, status, attempts_made, at)
      select n + 1, webhook_id, iif(n % 10 = 9, 3, 2), ${attempts}, ${acceptedAt} from planned order by n`)
    db.exec(`with recursive number(number) as (select 1 union all select number + 1 from number where number < ${attempts})
      insert into attempts (sequence, webhook_id, number, started_at, kind, status, connected, first_byte, ended, headers, body, is_cut)
      select n + 1, webhook_id, number, ${acceptedAt}, 0, iif(number < ${attempts} or n % 10 = 9, 500, 200), 1, 2, 3,
        '[["Date","today"]]', cast('thanks' as blob), 0 from planned cross join number order by n, number`)
  })
}

/** The events themselves, and beside them which is for whom. */
function insertEvents(
  db: DatabaseSyncInstance,
  { ids, webhooks, bodyBytes }: Crowd,
  { count, acceptedAt }: Backlog,
): void {
  const [head = '', tail = ''] = bodyOf(0, bodyBytes).toString('latin1').split('0'.repeat(9))
  db.exec('create temp table places (place integer primary key, webhook_id integer not null)')
  const place = db.prepare('insert into places (place, webhook_id) values (?, ?)')
  for (const [at, id] of ids.entries()) place.run(at, Number(id))
  db.exec('create temp table numbers_planned (n integer primary key)')
  db.exec(`with recursive n(n) as (select 0 union all select n + 1 from n where n < ${count - 1})
    insert into numbers_planned select n from n`)
  db.exec(
    `create temp view planned as select n, webhook_id from numbers_planned join places on place = n % ${webhooks}`,
  )
  db.exec(`insert into events (sequence, id, tenant, trigger, accepted_at, body)
    select n + 1, printf('before-%09d', n), printf('${tenantOf(0).slice(0, -1)}%d', n % ${webhooks}), '${trigger}',
      ${acceptedAt}, cast(printf('${head}%09d${tail}', n) as blob) from numbers_planned`)
  db.exec(`update numbers set value = ${count} where name = 'journal_mark'`)
}

/** A crash in here would only cost the store that was to be made. */
function writing(crowd: Crowd, backlog: Backlog, write: (db: DatabaseSyncInstance) => void): void {
  const db = new DatabaseSync(crowd.storePath)
  db.exec('pragma synchronous = off; begin')
  insertEvents(db, crowd, backlog)
  write(db)
  db.exec('commit; pragma wal_checkpoint(truncate)')
  db.close()
}
