// How the figures of results.md came about, and what they do not say.
import { loads } from './works.mjs'

/** The page's last part. */
export const methodOf = (setting) => `## How it is measured

${turns(setting)}

${everybody}

${rowByRow(setting)}

${peers}

## What this does not cover

TLS; other sizes of events; a full disk; a database that has grown for months; several processes; receivers and clients on other machines; the peers at anything but B1 and B2.`

const turns = ({ rounds, seconds, warmUp }) =>
  `Medians of ${rounds} rounds, least and most in brackets; B5, B6 and B7 are measured in the first round only. In a round everybody has a turn, one after another; a row compares turns of the same round. In a turn the contender is started anew in a process of its own, with empty storage, warmed up under the same load for ${warmUp} s and measured for ${seconds} s unless a row says otherwise: from the first request to the moment when all that was accepted has been received and recorded.`

const everybody = `- Events have bodies of 1 KB. Each webhook has an origin of its own, an address in 127.0.0.0/8, which answers 200 at once.
- The generator runs at most ${loads.single.window.toLocaleString('en')} deliveries ahead of the receivers, so that nobody counts as fast for taking in what it has not delivered.
- *Recorded*: Tidings has nothing planned, waiting, in flight or unwritten; a peer has completed every job. Then what the storage holds is counted. Every delivery must have come exactly once, and be recorded once; one in 256 is compared byte by byte and its two signatures are computed again. Anything else ends the run with an error.
- *CPU*: user and system time of the server's process with all its threads, from /proc; for a peer also of every process of PostgreSQL or Redis. Generator and receivers are not counted, but they share the cores with whoever is measured, so rates are lower than on a machine of one's own. *Peak MiB* is the server's own process, for a peer without its storage; *accept* is how long a post took.
- *To receiver* is the time from the moment when an event was due to be posted until its receiver has it, on one clock for both processes (CLOCK_MONOTONIC). Whatever holds a post up counts, and no event waits for another.`

function rowByRow({ waiting, hangs, crowd, crowdSeconds, members, readings }) {
  const count = (number) => number.toLocaleString('en')
  return `- **B1** posts one event a request over ${loads.single.connections} kept connections, each with one request under way, for 50 tenants in turn, each with one webhook. **B2** posts NDJSON for the same, ${loads.batches.eventsPerRequest} events a request, over ${loads.batches.connections} connections. *Store off* is the same server, doors and pipeline; events, deliveries and attempts are kept in memory and forgotten once delivered. The *bare loop* has two undici clients to each receiver, one request under way on each, and both signatures; nothing is posted to it and nothing is kept.
- **B3** posts as B1 does, but at half of the rate that Tidings reached in B1 in the same round, whatever becomes of the events before; its rate in the table is that one, as in B6.
- **B4** posts events of one tenant to which 100 webhooks listen, one event a request over ${loads.fanOut.connections} connections.
- **B5** is B1 on a store in which ${count(waiting)} deliveries are due in 1 hour to 30 days, one for each of as many events; they are written straight into its tables. One more is due now: the row's first figure is the time from starting the process until that one has come.
- **B6** posts to 100 webhooks at half of B1's rate; every other event goes to the first webhook. After a baseline its receiver takes requests and does not answer for ${hangs} s, longer than an attempt may take. The figure is the others' p99 (*to receiver*) from its first silent moment on, beside their p99 before.
- **B7** posts as B2 does, to ${count(crowd)} webhooks in no order. After ${crowdSeconds} s with everybody well one in ten refuses connections and one in ten answers after 1 s, from one moment to the next; for ${crowdSeconds} s more, the rate of the other eight is compared with what the same webhooks got before. Every attempt must have ended as its receiver's state says, so a server that runs out of files fails the run. The table has the rate of the eight.
- **B8** is what the store's file has grown by in the turns of B2, once it is closed and checkpointed, for each event: the event with its body of 1 KB, its delivery, its attempt with the answer's headers and body, all indexes, and whatever room pages have left.
- **M1** reads the list of a campaign's ${count(members)} members by API v2 to its end, ${readings + 1} times, the first one uncounted: pages of 1,000, each asked for when the one before has come, with \`include=user,currently_entitled_tiers\` and six fields of a member. The reader is a process of its own; what it takes to parse a page is not counted. One patron pledges through the door; the others are copies of that one's rows.`
}

const peers = `The three peers are what a good engineer writes by hand, one process each. They share a door (fastify), the sending (undici pools, 8 connections to a receiver) and the signing (bench/by-hand/); what is posted while an insert is under way shares the next insert, so they batch as Tidings does. *Accepted* means on disk for all of them. They are written for speed: a loop of pg-boss or graphile-worker waits for all that it has fetched, so that one receiver that hangs would hold it up, and none of the three keeps what a receiver answered.

- *pg-boss*: four loops, each fetching up to 250 jobs, sending them in parallel and completing them with one statement.
- *graphile-worker*: jobs that carry up to 100 events each, added with \`add_jobs\`, eight at a time through the local queue, completions in batches.
- *BullMQ*: \`addBulk\`, one worker with 200 jobs at once, which are removed when they are done. Redis has \`appendonly yes\` and \`appendfsync always\`, as it would otherwise accept what a power cut takes away, and no snapshots.
- PostgreSQL has default durability, with \`shared_buffers=512MB\` and \`jit=off\`. Both databases are reached over a Unix socket.`
