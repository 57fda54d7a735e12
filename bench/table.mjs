// Everybody's figures as a table.
import { contenders } from './contenders.mjs'
import { spreadOf } from './spread.mjs'

/** The headings. */
export const headings = {
  work: 'work',
  who: 'who',
  rate: 'deliveries/s',
  cost: 'CPU s per 10,000',
  accept: 'accept p50 / p99 ms',
  latency: 'to receiver p50 / p99 ms',
  memory: 'peak MiB',
}

/** One row of cells for everybody at each kind of work. */
export function tableOf(turns) {
  const groups = [...new Set(turns.map(({ work, who }) => `${work} ${who}`))]
  return groups.map((group) => {
    const [work, who] = group.split(' ')
    const own = turns.filter((turn) => turn.work === work && turn.who === who)
    const cell = (read, write) => (read(own[0]) === undefined ? '–' : write(spreadOf(own.map(read))))
    return {
      work,
      who: contenders[who].name,
      rate: cell(({ rate }) => rate, ranged(whole)),
      cost: cell(
        ({ cost }) => cost,
        ranged((figure) => figure.toFixed(2)),
      ),
      accept: times(own, 'acceptMs'),
      latency: times(own, 'latencyMs'),
      memory: cell(
        ({ peakMiB }) => peakMiB,
        ({ median }) => whole(median),
      ),
    }
  })
}

const whole = (figure) => Math.round(figure).toLocaleString('en')

/** The median, and the ends where they are others. */
const ranged =
  (write) =>
  ({ median, least, most }) =>
    write(least) === write(most) ? write(median) : `${write(median)} (${write(least)}–${write(most)})`

function times(turns, name) {
  if (turns[0][name] === undefined) return '–'
  const of = (percentile) => spreadOf(turns.map((turn) => turn[name][percentile])).median.toFixed(1)
  return `${of('p50')} / ${of('p99')}`
}
