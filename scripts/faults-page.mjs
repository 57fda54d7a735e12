// Writes the rows of `npm run faults` into docs/reliability.md: no figure without the machine, the day and the command
// that it came from. What the page says below the table is written by hand, and stays.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'

const page = new URL('../docs/reliability.md', import.meta.url)
const handwritten = '## How it is tried'

/** What is done for each row, and what is promised then. */
const cases = {
  R01: ['events to 100 webhooks, nothing wrong', 'each comes once, unchanged'],
  R02: ['kill -9 at random moments under load', 'nothing acknowledged is lost'],
  R03: [
    'kill -9 before the nth write, sync, answer, connection or word between threads',
    'nothing acknowledged is lost',
  ],
  R04: ['power cut under load', 'nothing acknowledged is lost'],
  R05: ['canary: power cut while the disk only pretends to sync', 'something is lost, or the rig sees nothing'],
  R06: [
    'every write of a life recorded; states that a power cut may leave of it',
    'each opens, is sound, has all that was acknowledged',
  ],
  R07: ['kill -9 with a large backlog', 'the first delivery goes out 2 s after the start (5 s with 1,000,000)'],
  R08: ['the disk runs full, then has room again', 'refuses with 503, can be read, goes on by itself'],
  R09: ['fsync fails, then the power is cut', 'what may be lost was not acknowledged'],
  R09b: ['no file descriptors, a slow disk, a read-only one, a quota', 'no crash, nothing lost, 503 at worst'],
  R09c: [
    'one bit of database or log is changed while the server is down',
    'refuses to start with a clear message, or shows what there is (see below)',
  ],
  R09d: ['kill -9 while a first start makes its tables', 'the next start makes them'],
  R21: ['kill -9 in the middle of requests', 'they are made again within 45 s'],
  R40: [
    '500 events of 2 kB a second for 100 webhooks, whatever becomes of those before',
    'p99: 60 ms to the answer, 500 ms to the receiver',
  ],
  R41: [
    'a black hole with half of the traffic; a tenant with 100 times the others’',
    'the others’ p99 at most doubles, and stays below 1 s',
  ],
  R42: ['everybody was down for an hour; a start with many due', 'retries spread out, eight at once for each webhook'],
  R43: [
    'five times what the server can take',
    'refuses early, delivers what it accepted, p99 of the accepted below 1 s',
  ],
  R44: ['10,000 webhooks in a process that may open 1,024 files', 'each is reached, nothing fails'],
  R45: ['a day passes over a store full of due deliveries', 'memory stays below 512 MiB, nothing lost'],
  R46: ['lists and filters over a large log while it delivers', 'p99 below 200 ms'],
  R48: ['a large part of the log is dropped under load', 'the door’s p99 at most doubles'],
  R50: [
    'receivers of 32 kinds that refuse, hang, drip, flood, lie or speak no HTTP',
    'each attempt is recorded as what it was',
  ],
  R55: ['redirects to this machine', 'none is followed'],
  R59: ['name servers that are silent', 'nobody else waits'],
  G7: ['50 healthy webhooks beside those of R50', 'their p99 at most doubles, nothing fails'],
  G8: ['200 of those of R50 at once', 'at most 64 MiB more'],
  S: ['every spelling of an address that must not be reached, in a network of its own', 'not one packet'],
  R60: ['SIGTERM under load', 'stops within 10 s, nothing lost, nothing repeated'],
  R61: ['SIGTERM with 200 silent receivers', 'stops within 30 s, nothing lost'],
  R64: ['SIGTERM while starting, SIGTERM twice, output and log on a full disk', 'a clean end, and nothing lost'],
  R65: ['a delivery that throws, as its webhook’s secret is damaged', 'that one waits, the others are delivered'],
  R70: ['the wall clock is moved while deliveries wait', 'none lost, the server goes on, no busy loop'],
  R71: ['1970, 2038, 2100, a change of summer time', 'starts, accepts, delivers'],
  R73: ['a delivery that is due in 40 days', 'does not go out at once, no busy loop'],
  G2: ['the repetitions of R02', 'no more than were in flight'],
}

/** Keeps the rows of a whole run, each beside what it is about. */
export function writeRows(lines, command) {
  const rows = lines.map((line) => /^(?<id>\S+) (?<verdict>\S+) (?<figure>.*)$/.exec(line).groups)
  rows.sort((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }))
  const kept = readFileSync(page, 'utf8')
  const parts = ['# Reliability', opening, facts(command), table(rows), kept.slice(kept.indexOf(handwritten)).trimEnd()]
  writeFileSync(page, `${parts.join('\n\n')}\n`)
}

const opening =
  'A 2xx means that the event is on disk: it ends as delivered, as exhausted and shown, as cancelled by somebody, or is held while its webhook is paused. This is what was done to a server to see whether that holds.'

const facts = (command) =>
  [
    `- machine: ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`,
    `- date: ${new Date().toISOString().slice(0, 10)}`,
    `- command: \`${command.trimEnd()}\``,
  ].join('\n')

function table(rows) {
  const cells = rows.map(({ id, verdict, figure }) => [id, ...(cases[id] ?? ['–', '–']), figure, verdict])
  return [['id', 'what is done', 'what is promised', 'figure', 'verdict'], Array(5).fill('---'), ...cells]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}
