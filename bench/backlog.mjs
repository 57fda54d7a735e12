// Deliveries that are due in the future, written straight into the store's tables: through the door they would take
// minutes, and would have to fail first.
import { DatabaseSync } from '@photostructure/sqlite'
import { bodyOf, tenantNamed, trigger } from './events.mjs'

/** They become due over so long, but none before the turn is over. */
const [soonest, over] = [3_600_000, 30 * 86_400_000]

/** So many events wait, one for each delivery, in turn for all webhooks; and one more, whose delivery is due now. */
export function fillBacklog(file, { waiting, webhooks, now }) {
  const db = new DatabaseSync(file)
  db.exec('pragma synchronous = off; begin')
  const count = `with recursive n(n) as (select 0 union all select n + 1 from n where n < ${waiting - 1})`
  const webhook = `(select min(id) from webhooks) + n % ${webhooks}`
  const wakeAt = `${now + soonest} + (n * 7919) % ${over}`
  const [body, due] = [bodyOf(0), { sequence: waiting + 1, now }]
  db.prepare(`${count} insert into events (sequence, id, tenant, trigger, accepted_at, body)
    select n + 1, printf('waiting-%08d', n), printf('${tenantNamed(0).slice(0, -4)}%04d', n % ${webhooks}), ?, ${now}, ?
    from n`).run(trigger, body)
  db.exec(`${count} insert into deliveries (sequence, webhook_id, status, attempts_made, at)
    select n + 1, ${webhook}, 0, 0, ${wakeAt} from n`)
  db.exec(`${count} insert into due (webhook_id, sequence, wake_at, is_leased)
    select ${webhook}, n + 1, ${wakeAt}, 0 from n order by 1, 2`)
  addDue(db, due, body)
  db.exec(`update numbers set value = ${due.sequence} where name = 'journal_mark'; commit`)
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
}

/** Its body has the number 0, so its receiver takes it for the first of all events. */
function addDue(db, { sequence, now }, body) {
  const { id } = db.prepare('select min(id) as id from webhooks').get()
  db.prepare('insert into events (sequence, id, tenant, trigger, accepted_at, body) values (?, ?, ?, ?, ?, ?)').run(
    ...[sequence, 'due-now', tenantNamed(0), trigger, now, body],
  )
  db.prepare('insert into deliveries (sequence, webhook_id, status, attempts_made, at) values (?, ?, 0, 0, ?)').run(
    ...[sequence, id, now],
  )
  db.prepare('insert into due (webhook_id, sequence, wake_at, is_leased) values (?, ?, ?, 0)').run(id, sequence, now)
}
