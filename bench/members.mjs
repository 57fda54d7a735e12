// How fast a campaign's whole list of members is read by Patreon's API v2, page after page, and what memory that takes.
import { join } from 'node:path'
import { Client } from 'undici'
import { startChild } from './children.mjs'
import { residentMemory } from './processor.mjs'

/** The largest page that there is. */
const pageSize = 1_000

const fields = {
  member: 'full_name,email,patron_status,currently_entitled_amount_cents,lifetime_support_cents,last_charge_date',
  user: 'full_name,image_url,url',
  tier: 'title,amount_cents',
}

/** Reads the whole list so many times; the first reading only warms up. */
export async function readMembers({ folder, members, readings }) {
  const child = startChild(new URL('./campaign.mjs', import.meta.url))
  try {
    const { url, campaignId, token } = await child.ask('open', { folder: join(folder, 'campaign'), members })
    const first = `/api/oauth2/v2/campaigns/${campaignId}/members?${firstQuery()}`
    const read = { url, first, token, members }
    await readAll(read)
    const memoryMiB = [residentMemory(child.pid)]
    const pages = []
    for (let number = 1; number <= readings; number += 1) {
      pages.push(...(await readAll(read)))
      memoryMiB.push(residentMemory(child.pid))
    }
    await child.ask('close')
    return figuresOf({ members, readings, pages, memoryMiB })
  } finally {
    await child.stop()
  }
}

function firstQuery() {
  const query = new URLSearchParams({ include: 'user,currently_entitled_tiers', 'page[count]': String(pageSize) })
  for (const [type, names] of Object.entries(fields)) query.set(`fields[${type}]`, names)
  return query
}

/** Follows `links.next` to the end; milliseconds of each page, from the request to the last byte. */
async function readAll({ url, first, token, members }) {
  const client = new Client(url)
  const seen = new Set()
  const pages = []
  for (let path = first; path !== null; ) {
    const before = performance.now()
    const { statusCode, body } = await client.request({ path, method: 'GET', headers: headersWith(token) })
    const text = await body.text()
    pages.push(performance.now() - before)
    if (statusCode !== 200) throw new Error(`a page of members was answered with ${statusCode}: ${text}`)
    const { data, included, links } = JSON.parse(text)
    mustHaveAll(data, included)
    for (const { id } of data) seen.add(id)
    path = links?.next === undefined ? null : links.next.slice(url.length)
  }
  await client.close()
  if (seen.size !== members) throw new Error(`${seen.size} of ${members} members were listed`)
  return pages
}

const headersWith = (token) => ({ authorization: `Bearer ${token}`, 'user-agent': 'benchmark' })

function mustHaveAll(data, included) {
  const users = included.filter(({ type, attributes }) => type === 'user' && attributes.full_name !== undefined)
  const tiers = included.filter(({ type, attributes }) => type === 'tier' && attributes.title !== undefined)
  if (users.length !== data.length || tiers.length === 0)
    throw new Error('a page of members lacks what it should include')
}

function figuresOf({ members, readings, pages, memoryMiB }) {
  const sorted = pages.toSorted((one, other) => one - other)
  const at = (share) => sorted[Math.ceil(sorted.length * share) - 1]
  const elapsed = pages.reduce((sum, page) => sum + page, 0) / 1000
  return {
    members,
    pageMs: { p50: at(0.5), p99: at(0.99), most: at(1) },
    rate: (members * readings) / elapsed,
    memoryMiB,
  }
}

/** A page that takes longer makes people who sync their patrons wait, in milliseconds. */
const pageGoal = 50
/** Members a second of a whole export. */
const rateGoal = 5_000
/** What may come to memory in further readings, in MiB: garbage that nobody has collected yet. */
const growthGoal = 64

/** The rows: what a reading of the whole list promises. */
export function memberRows({ members, pageMs, rate, memoryMiB }) {
  const [before] = memoryMiB
  const growth = Math.max(...memoryMiB.slice(1)) - before
  const row = (isMet, said) => ({ verdict: isMet ? 'ok' : 'short', line: `M1 ${isMet ? 'ok' : 'short'} ${said}` })
  return [
    row(
      pageMs.p50 <= pageGoal,
      `${pageMs.p50.toFixed(1)} ms goal ${pageGoal} ms, a page of ${whole(pageSize)} of ${whole(members)} members with two includes (p99 ${pageMs.p99.toFixed(1)}, slowest ${pageMs.most.toFixed(1)})`,
    ),
    row(rate >= rateGoal, `${whole(rate)}/s goal ${whole(rateGoal)}/s, members of a whole export`),
    row(
      growth <= growthGoal,
      `${growth} MiB goal ${growthGoal} MiB, more memory after further readings than after one (${memoryMiB.join(', ')} MiB)`,
    ),
  ]
}

const whole = (figure) => Math.round(figure).toLocaleString('en')
