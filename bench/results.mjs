// Writes results.md: no number without the machine, the day and the command that it came from.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { contenders, workloads } from './contenders.mjs'
import { headings, tableOf } from './rows.mjs'

const file = new URL('./results.md', import.meta.url)

/** Writes the results of a run. */
export function writeResults({ turns, rows, ceiling, setting, postgres, day }) {
  const parts = [
    '# Results',
    machine({ day, setting, postgres }),
    ['```', ...rows.map(({ line }) => line), '```'].join('\n'),
    table(turns),
    `The harness alone (requests that are answered at once): ${harnessLine(ceiling)}.`,
    method(setting),
  ]
  writeFileSync(file, `${parts.join('\n\n')}\n`)
}

function machine({ day, setting, postgres }) {
  const [processor] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return [
    `- machine: ${processor?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${memory} GiB, Linux ${release()}`,
    `- software: Node ${process.versions.node}, undici ${versionOf('undici')}, pg-boss ${versionOf('pg-boss')}, ${postgres ?? 'no PostgreSQL'}`,
    `- date: ${day}`,
    `- command: \`${setting.command}\``,
  ].join('\n')
}

function table(turns) {
  const names = Object.keys(headings)
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [
    line(Object.values(headings)),
    line(names.map((name) => (name === 'work' || name === 'who' ? '---' : '---:'))),
    ...tableOf(turns, contenders).map((row) => line(names.map((name) => row[name]))),
  ].join('\n')
}

const harnessLine = (ceiling) =>
  Object.entries(ceiling)
    .map(([id, rate]) => `${Math.round(rate).toLocaleString('en')} events/s posted as in ${id}`)
    .join(', ')

function method({ rounds, seconds, warmUp, members, readings }) {
  const { B1, B2 } = workloads
  return `## How it is measured

Medians of ${rounds} rounds, least and most in brackets. In a round everybody has a turn, one after another; a row compares turns of the same round. In a turn the contender is started anew in a process of its own, with empty storage, warmed up under the same load for ${warmUp} s and measured for ${seconds} s: from the first request to the moment when all that was accepted has been received and recorded.

- Events have bodies of 1 KB and go to 50 tenants in turn. Each tenant has one webhook, each webhook an origin of its own on loopback, which answers 200 at once.
- B1 posts one event a request over ${B1.connections} kept connections, each with one request under way. B2 posts NDJSON, ${B2.eventsPerRequest} events a request, over ${B2.connections}.
- The generator runs at most ${B1.window.toLocaleString('en')} events ahead of the receivers, so that nobody counts as fast for taking in what it has not delivered.
- *Recorded*: Tidings has nothing planned, waiting, in flight or unwritten; pg-boss has completed every job. Then the rows in the database are counted. Every event must have come exactly once, and be recorded once; one in 256 is compared byte by byte and its two signatures are computed again. Anything else ends the run with an error.
- *CPU*: user and system time of the server's process with all its threads, from /proc; for pg-boss also of every PostgreSQL process. Generator and receivers are not counted, but they share the cores with whoever is measured, so rates are lower than on a machine of one's own. *Peak MiB* is the server's own process, for pg-boss without PostgreSQL; *accept* is how long a post took under this saturating load.
- *Store off*: the same server, doors and pipeline; events, deliveries and attempts are kept in memory and forgotten once delivered.
- *pg-boss*: one process with a fastify door and four loops, each fetching up to 250 jobs, sending them with undici pools (8 connections to a receiver) and completing them in one statement. What is posted while an insert is under way shares the next insert. PostgreSQL has default durability, with \`shared_buffers=512MB\` and \`jit=off\`, on a Unix socket.
- *Bare loop*: two undici clients to each receiver, one request under way on each, both signatures; nothing is posted to it and nothing is kept.
- M1 reads the list of a campaign's ${members.toLocaleString('en')} members by API v2 to its end, ${readings + 1} times, the first one uncounted: pages of 1,000, each asked for when the one before has come, with \`include=user,currently_entitled_tiers\` and six fields of a member. The reader is a process of its own; what it takes to parse a page is not counted. One patron pledges through the door; the others are copies of that one's rows.

## What this does not cover

Latency under a load that is not saturating; failing, slow or many receivers; TLS; fan-out to many webhooks; other sizes of events; a full disk or a large database; other peers than pg-boss; receivers and clients on other machines.`
}

function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version
}
