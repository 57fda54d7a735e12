// What the figures say: one row for each thing that was promised.

const times = (ratio) => `${ratio.toFixed(1)}x`
const percent = (ratio) => `${Math.round(ratio * 100)} %`

/** Rates of Tidings as a share of somebody else's in the same round. Without a goal it is only shown. */
const comparisons = [
  { id: 'B1', beside: 'memory', goal: 0.6, written: percent, about: 'of its rate with the store switched off' },
  { id: 'B1', beside: 'pg-boss', goal: 2, written: times, about: 'the rate of pg-boss + undici' },
  { id: 'B2', beside: 'bare', goal: null, written: percent, about: 'of the rate of a bare undici loop' },
  { id: 'B2', beside: 'memory', goal: null, written: percent, about: 'of its rate with the store switched off' },
  { id: 'B2', beside: 'pg-boss', goal: null, written: times, about: 'the rate of pg-boss + undici' },
]

/** The rows: median over the rounds, as what happens to one turn of a round happens to its neighbours. */
export function rowsOf(turns) {
  return comparisons
    .filter(({ beside }) => turns.some(({ who }) => who === beside))
    .map(({ id, beside, goal, written, about }) => {
      const [own, others] = [ratesOf(turns, id, 'tidings'), ratesOf(turns, id, beside)]
      const { median, least, most } = spreadOf(own.map((rate, at) => rate / others[at]))
      const verdict = goal === null ? 'shown' : median >= goal ? 'ok' : 'short'
      const wanted = goal === null ? '' : ` goal ${written(goal)}`
      const line = `${id} ${verdict} ${written(median)}${wanted}, ${about} (${written(least)} to ${written(most)})`
      return { verdict, line }
    })
}

/** A table's cells: everybody at one kind of work. */
export function tableOf(turns, contenders) {
  const groups = [...new Set(turns.map(({ work, who }) => `${work} ${who}`))]
  return groups.map((group) => {
    const [work, who] = group.split(' ')
    const own = turns.filter((turn) => turn.work === work && turn.who === who)
    const of = (figure) => spreadOf(own.map(figure))
    const [rate, cost] = [of((turn) => turn.rate), of((turn) => turn.cost)]
    return {
      work,
      who: contenders[who].name,
      rate: `${whole(rate.median)} (${whole(rate.least)}–${whole(rate.most)})`,
      cost: `${cost.median.toFixed(2)} (${cost.least.toFixed(2)}–${cost.most.toFixed(2)})`,
      accept: own[0].acceptMs === undefined ? '–' : acceptTimes(own),
      memory: String(of((turn) => turn.peakMiB).median),
    }
  })
}

/** The headings of that table. */
export const headings = {
  work: 'work',
  who: 'who',
  rate: 'deliveries/s',
  cost: 'CPU s per 10,000',
  accept: 'accept p50 / p99 ms',
  memory: 'peak MiB',
}

function acceptTimes(turns) {
  const of = (name) => spreadOf(turns.map(({ acceptMs }) => acceptMs[name])).median.toFixed(1)
  return `${of('p50')} / ${of('p99')}`
}

function ratesOf(turns, work, who) {
  // The bare loop is given nothing, so it stands beside every kind of work.
  return turns.filter((turn) => turn.who === who && (turn.work === work || who === 'bare')).map(({ rate }) => rate)
}

function spreadOf(figures) {
  const sorted = figures.toSorted((one, other) => one - other)
  const middle = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
  return { median, least: sorted[0], most: sorted.at(-1) }
}

const whole = (rate) => Math.round(rate).toLocaleString('en')
