// What the figures say: one row for each thing that was promised.
import { contenders, peers } from './contenders.mjs'
import { bodyBytes } from './events.mjs'
import { spreadOf } from './spread.mjs'

const times = (ratio) => `${ratio.toFixed(1)}x`
const fine = (ratio) => `${ratio.toFixed(2)}x`
const percent = (ratio) => `${Math.round(ratio * 100)} %`
const milliseconds = (length) => `${length.toFixed(1)} ms`
const seconds = (length) => `${(length / 1000).toFixed(2)} s`
const mebibytes = (size) => `${Math.round(size)} MiB`
const bytes = (size) => `${Math.round(size)} bytes`

const rate = (turn, other) => turn.rate / other.rate
const cost = (turn, other) => turn.cost / other.cost

/**
 * What Tidings promises at a work: to reach `least`, or not to exceed `most`; where it is neither, it is only shown.
 * `read` takes the figure from its turn, and from the turn of the same round that it stands beside.
 */
const promises = (turns) => [...ofRates(turns), ...ofLatencies, ...ofBurdens]

function ofRates(turns) {
  const [best1, best2] = [bestPeer(turns, 'B1'), bestPeer(turns, 'B2')]
  const off = 'of its rate with the store switched off'
  const [one, other] = [contenders[best1]?.name, contenders[best2]?.name]
  return [
    { id: 'B1', beside: best1, read: rate, least: 3, as: times, about: `the rate of the best peer, ${one}` },
    { id: 'B1', beside: best1, read: cost, most: 1 / 3, as: fine, about: `the CPU of ${one}` },
    { id: 'B1', beside: 'memory', read: rate, least: 0.85, as: percent, about: off },
    { id: 'B2', beside: best2, read: rate, least: 5, as: times, about: `the rate of the best peer, ${other}` },
    { id: 'B2', beside: 'bare', read: rate, least: 0.5, as: percent, about: 'of the rate of a bare undici loop' },
    { id: 'B2', beside: 'memory', read: rate, as: percent, about: off },
  ]
}

const ofLatencies = [
  { id: 'B3', read: (turn) => turn.latencyMs.p50, most: 2, as: milliseconds, about: 'from post to receiver, p50' },
  { id: 'B3', read: (turn) => turn.latencyMs.p99, most: 15, as: milliseconds, about: 'from post to receiver, p99' },
]

const ofBurdens = [
  { id: 'B4', besideWork: 'B2', read: rate, least: 1, as: fine, about: 'the deliveries/s of B2, 100 for each event' },
  { id: 'B4', besideWork: 'B2', read: cost, most: 1, as: fine, about: 'the CPU of B2 for a delivery' },
  { id: 'B5', read: (turn) => turn.startMs, most: 2_000, as: seconds, about: 'from its start to the first delivery' },
  { id: 'B5', read: (turn) => turn.peakMiB, most: 512, as: mebibytes, about: 'of memory at most' },
  { id: 'B5', besideWork: 'B1', read: rate, least: 0.9, as: percent, about: 'of the rate of B1' },
  {
    ...{ id: 'B6', read: (turn) => turn.latencyMs.p99 / turn.baselineMs.p99, most: 2, as: times },
    about: 'the p99 of 99 webhooks when nobody hangs',
  },
  {
    ...{ id: 'B7', read: (turn) => turn.rate / turn.baseline, least: 0.8, as: percent },
    about: 'of the rate of the same webhooks when all are well',
  },
  {
    ...{ id: 'B8', work: 'B2', read: (turn) => turn.bytesPerEvent, most: bodyBytes + 300, as: bytes },
    about: 'on disk for each delivered event',
  },
]

/** The rows with these ids: medians over the rounds, as what happens to one turn of a round happens to its neighbours. */
export function rowsOf(turns, ids) {
  return promises(turns)
    .filter(({ id }) => ids.includes(id))
    .flatMap((promise) => {
      const figures = figuresOf(turns, promise)
      return figures.length === 0 ? [] : [rowOf(promise, spreadOf(figures))]
    })
}

function figuresOf(turns, { id, work = id, besideWork = work, beside = 'tidings', read }) {
  const own = turns.filter((turn) => turn.work === work && turn.who === 'tidings')
  const pairs = own.map((turn) => [
    turn,
    turns.find((other) => other.round === turn.round && other.work === besideWork && other.who === beside),
  ])
  return pairs.filter(([, other]) => other !== undefined).map(([turn, other]) => read(turn, other))
}

function rowOf({ id, least, most, as, about }, { median, ...ends }) {
  const isMet = median >= (least ?? -Infinity) && median <= (most ?? Infinity)
  const goal = least ?? most
  const verdict = goal === undefined ? 'shown' : isMet ? 'ok' : 'short'
  const wanted = goal === undefined ? '' : ` goal ${as(goal)}`
  const [from, to] = [as(ends.least), as(ends.most)]
  const range = from === to ? '' : ` (${from} to ${to})`
  return { id, verdict, line: `${id} ${verdict} ${as(median)}${wanted}, ${about}${range}` }
}

/** The peer with the highest rate. */
function bestPeer(turns, work) {
  const medians = peers.map((who) => {
    const rates = turns.filter((turn) => turn.work === work && turn.who === who).map((turn) => turn.rate)
    return { who, median: rates.length === 0 ? 0 : spreadOf(rates).median }
  })
  return medians.reduce((best, other) => (other.median > best.median ? other : best)).who
}
