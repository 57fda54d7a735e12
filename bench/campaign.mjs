// A creator's campaign with a great many members, and the server that tells of it, in a process of its own.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { readConfig } from '#src/config.ts'
import { start } from '#src/main.ts'
import { answer } from './answering.mjs'

let server

answer({
  /** Has one patron pledge, makes all the other members from that one's rows, and serves them. */
  async open({ folder, members }) {
    mkdirSync(folder)
    const config = readConfig({ TIDINGS_DATA: folder, TIDINGS_PORT: '0', TIDINGS_LOG: 'warn' })
    server = await start(config)
    const campaign = await firstPatron(server.first.key)
    await server.stop()

    multiply(join(folder, 'tidings.db'), members)
    server = await start(config)
    return { url: server.url, ...campaign }
  },
  close: () => server.stop(),
})

async function firstPatron(key) {
  const creator = await call(key, '/api/v1/accounts', { email: 'creator@example.com', full_name: 'A Creator' })
  const patron = await call(key, '/api/v1/accounts', { email: 'patron@example.com', full_name: 'A Patron' })
  const campaign = await call(key, '/api/v1/campaigns', {
    creator_id: creator.id,
    vanity: 'much-loved',
    creation_name: 'something much loved',
    is_monthly: true,
  })
  const path = `/api/v1/campaigns/${campaign.id}`
  const tier = await call(key, `${path}/tiers`, { title: 'A tier', description: '', amount_cents: 500 })
  await call(key, `${path}/pledges`, { patron_id: patron.id, tier_id: tier.id, amount_cents: 500 })
  const { creator_access_token } = await call(key, '/api/v1/clients', {
    name: 'Benchmark',
    account_id: creator.id,
    api_version: 2,
  })
  return { campaignId: campaign.id, token: creator_access_token }
}

async function call(key, path, body) {
  const headers = { authorization: key, 'content-type': 'application/json' }
  const response = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`)
  return await response.json()
}

/** What differs from copy to copy, as SQL: `n` is the number of the copy. */
const differing = {
  accounts: { email: "'patron' || n || '@example.com'", full_name: "'Patron ' || n", created_at: 'created_at + n' },
  members: { id: "lower(hex(randomblob(4))) || '-' || substr(id, 10, 14) || '-' || lower(hex(randomblob(6)))" },
  pledges: { created_at: 'created_at + n' },
  pledge_events: {},
}

/** Columns that name the row itself, or another row that is copied with it; both count up together. */
const numbered = {
  accounts: ['id'],
  members: ['number', 'account_id'],
  pledges: ['id', 'patron_id'],
  pledge_events: ['id', 'member_number'],
}

// Through the door it would take minutes, and gigabytes of events that nobody reads.
function multiply(path, members) {
  const db = new DatabaseSync(path)
  db.exec('begin')
  for (const table of Object.keys(differing)) copyLast(db, table, members - 1)
  db.exec('commit')
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
}

function copyLast(db, table, copies) {
  const columns = db.prepare('select name from pragma_table_info(?)').all(table)
  const written = columns.map(({ name }) => {
    if (numbered[table].includes(name)) return `${name} + n`
    return differing[table][name] ?? name
  })
  const names = columns.map(({ name }) => name).join(', ')
  db.exec(`with recursive copy(n) as (select 1 union all select n + 1 from copy where n < ${copies})
    insert into ${table} (${names}) select ${written.join(', ')} from copy,
      (select * from ${table} order by rowid desc limit 1)`)
}
