/**
 * Lists that are woven of several: the deliveries of many webhooks, the events of many tenants. Each strand lies in its
 * order in an index and is read a slice at a time, so that a page costs what is on it, not what lies behind it. A filter
 * over `in (…)` would have SQLite read all there is of everybody, and sort it.
 */

/** The first slice of a strand: of a thousand webhooks hardly one has more on a page. */
const firstSlice = 8

/** A strand that goes on is read in longer slices. */
const longestSlice = 512

/** Entries that one page looks at before it ends short: so many take a few milliseconds, in which nothing else is answered. */
const lookLimit = 5_000

/** Reads the next entries behind one, at most `limit`. */
export type Slice<Entry> = (behind: Entry, limit: number) => Entry[]

/** All that lies behind an entry, read as far as somebody asks. */
export function* behind<Entry>(start: Entry, read: Slice<Entry>): Generator<Entry> {
  let last = start
  for (let limit = firstSlice; ; limit = Math.min(limit * 2, longestSlice)) {
    const slice = read(last, limit)
    yield* slice
    if (slice.length < limit) return
    last = slice.at(-1) ?? last
  }
}

/** A strand whose first entry is known. */
export function* from<Entry>(first: Entry, read: Slice<Entry>): Generator<Entry> {
  yield first
  yield* behind(first, read)
}

/** Weaves strands into one. `compare` is below nought where the one stands before the other. */
export function* woven<Entry>(
  strands: Iterable<Iterator<Entry, void>>,
  compare: (one: Entry, other: Entry) => number,
): Generator<Entry> {
  // The strand whose turn it is stands last.
  const waiting: Waiting<Entry>[] = [...strands].flatMap(advanced).sort((one, other) => compare(other.entry, one.entry))
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next.entry
    for (const one of advanced(next.strand)) waiting.splice(placeIn(waiting, one.entry, compare), 0, one)
  }
}

type Waiting<Entry> = { entry: Entry; strand: Iterator<Entry, void> }

function advanced<Entry>(strand: Iterator<Entry, void>): Waiting<Entry>[] {
  const { done, value } = strand.next()
  return done === true ? [] : [{ entry: value, strand }]
}

/** Behind all that comes later. */
function placeIn<Entry>(
  waiting: readonly Waiting<Entry>[],
  entry: Entry,
  compare: (one: Entry, other: Entry) => number,
): number {
  let [low, high] = [0, waiting.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const there = waiting[middle]
    if (there !== undefined && compare(there.entry, entry) > 0) low = middle + 1
    else high = middle
  }
  return low
}

/** What a page shows of a list, and the last entry that it looked at; null at the list's end. */
export function pageOf<Entry>(
  list: Iterable<Entry>,
  { isWanted, limit }: { isWanted(entry: Entry): boolean; limit: number },
): { wanted: Entry[]; last: Entry | null } {
  const wanted: Entry[] = []
  let lookedAt = 0
  for (const entry of list) {
    lookedAt += 1
    if (isWanted(entry)) wanted.push(entry)
    if (wanted.length === limit || lookedAt === lookLimit) return { wanted, last: entry }
  }
  return { wanted, last: null }
}
