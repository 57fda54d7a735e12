import { test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { attemptsIn } from './attempts.ts'
import { aCrowd, type Crowd } from './crowd.ts'
import { aSilentNameServer, type Opened, openHostile } from './hostile.ts'
import { forgetPeak, peakMemory } from './memory.ts'
import { pace, pour } from './posting.ts'
import { spreadOf, told } from './spread.ts'

const healthy = 50
const perKind = 7
const rate = 200
const warmUpSeconds = 3

/** Twice, before and after; and beside them, longer than the longest that an attempt may take. */
const [baselineSeconds, seconds] = [6, 20]

const timesAtMost = 2
const growthAtMostMiB = 64
const patienceMs = 30_000

test(`two hundred receivers of the worst kind are told as what they are, and ${healthy} healthy ones notice nothing`, async ({
  expect,
}) => {
  const names = process.getuid?.() === 0 ? await aSilentNameServer() : null
  const hostile = await openHostile(names !== null)
  const { kinds } = hostile
  const crowd = await aCrowd({
    webhooks: healthy + kinds.length * perKind,
    under: names?.under ?? [],
    uriOf: (place, receivers) => (place < healthy ? receivers.uriOf(place) : uriOf(kindAt(kinds, place), place)),
  })
  try {
    const { baseline, beside, growth } = await healthyBeside(crowd)
    const ending = await crowd.server().stop()

    const wrongs = judged(crowd, kinds)
    const times = Math.round((beside.p99 / baseline.p99) * 100) / 100
    const all = `${kinds.length * perKind} hostile receivers of ${kinds.length} kinds`
    row(
      'G7',
      times <= timesAtMost,
      `p99 of ${healthy} healthy webhooks ${times} x beside ${all}, goal 2 x; ${told(beside)}`,
    )
    row('G8', growth <= growthAtMostMiB, `${growth} MiB more with ${all} at once, goal 64 MiB`)
    row('R55', hostile.strayed() === 0, `redirects followed ${hostile.strayed()}`)
    if (names === null) row('R59', false, 'untried: a name server that only this server asks needs root')
    expect(wrongs).toEqual([])
    expect(ending).toEqual({ code: 0, signal: null, errors: '' })
    expect(hostile.strayed()).toBe(0)
    expect(crowd.receivers.repeated + crowd.receivers.wrong).toBe(0)
    expect(times).toBeLessThanOrEqual(timesAtMost)
    expect(growth).toBeLessThanOrEqual(growthAtMostMiB)
  } finally {
    await crowd.close()
    hostile.close()
    names?.close()
  }
}, 180_000)

const kindAt = (kinds: readonly Opened[], place: number): Opened => {
  const kind = kinds[(place - healthy) % kinds.length]
  if (kind === undefined) throw new Error(`nobody is at place ${place}`)
  return kind
}

const uriOf = ({ scheme = 'http', host, port }: Opened, place: number): string =>
  `${scheme}://${host ?? `127.2.${place >> 8}.${place & 0xff}`}:${port}/hook`

/** How the healthy fare alone and beside the others, and how much more memory that takes. */
async function healthyBeside(crowd: Crowd) {
  const load = { rate, placeOf: (number: number) => number % healthy }
  await waits(crowd, { ...load, seconds: warmUpSeconds, first: 0 })
  const earlier = await waits(crowd, { ...load, seconds: baselineSeconds, first: 1_000_000 })
  const { pid } = crowd.server()
  const before = peakMemory(pid)
  forgetPeak(pid)

  const others = crowd.webhooks - healthy
  const besides = waits(crowd, { ...load, seconds, first: 2_000_000 })
  await pour(crowd, { count: others * 2, placeOf: (number) => healthy + (number % others), first: 3_000_000 })
  const beside = await besides
  const growth = peakMemory(pid) - before
  const later = await waits(crowd, { ...load, seconds: baselineSeconds, first: 4_000_000 })
  return { baseline: spreadOf([...earlier, ...later]), beside: spreadOf(beside), growth }
}

type Load = { rate: number; seconds: number; first: number; placeOf: (number: number) => number }

async function waits(crowd: Crowd, load: Load): Promise<number[]> {
  const { receivers } = crowd
  const cameAt = new Map<number, number>()
  receivers.hear = ({ number, at }) => void (cameAt.has(number) || cameAt.set(number, at))
  const { dueAt } = await pace(crowd, load)
  await receivers.until(() => cameAt.size >= dueAt.length, patienceMs)
  return [...dueAt].map((due, index) => (cameAt.get(load.first + index) ?? Number.POSITIVE_INFINITY) - due)
}

/** One row for each case of the battery; what is recorded otherwise than it should be. */
function judged({ storePath, ids }: Crowd, kinds: readonly Opened[]): string[] {
  const placeOf = new Map(ids.map((id, place) => [id, place]))
  const cases = new Map<string, { count: number; wrongs: string[]; whats: Set<string> }>()
  const ends = attemptsIn(storePath).map(({ webhookId, ended }) => ({ place: placeOf.get(webhookId) ?? 0, ended }))
  const healthyKind = { id: 'healthy', what: 'is healthy', ended: /^200$/ }
  for (const { place, ended } of ends) {
    const kind = place < healthy ? healthyKind : kindAt(kinds, place)
    const { count, wrongs, whats } = cases.get(kind.id) ?? { count: 0, wrongs: [], whats: new Set<string>() }
    if (!kind.ended.test(ended)) wrongs.push(`${kind.what}: ${ended}`)
    cases.set(kind.id, { count: count + 1, wrongs, whats: whats.add(kind.what) })
  }
  for (const { id, what } of kinds) if (cases.get(id)?.whats.has(what) !== true) throw new Error(`nobody ${what}`)
  for (const [id, { count, wrongs, whats }] of [...cases].sort(([one], [other]) => one.localeCompare(other))) {
    const figures = `${count - wrongs.length} of ${count} attempts recorded as promised: a receiver that ${[...whats].join(', ')}`
    if (id !== healthyKind.id) row(id, wrongs.length === 0, figures)
  }
  return [...new Set([...cases.values()].flatMap(({ wrongs }) => wrongs))]
}
