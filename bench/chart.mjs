// The chart of a run: everybody's rate and what it costs, drawn by hand so that it needs no program to be looked at. Its
// colours follow the reader's: GitHub and browsers tell an image whether they are dark.
import { contenders } from './contenders.mjs'
import { spreadOf } from './spread.mjs'

const works = {
  B1: 'One event a request (B1)',
  B2: 'NDJSON batches (B2)',
}

/** In pixels of a chart that is shown as wide as it is drawn. */
const [width, margin, headHeight, rowHeight, barHeight] = [880, 24, 70, 30, 18]
const nameWidth = 190

/** The two columns of bars. */
const columns = [
  { x: margin + nameWidth, length: 225, title: 'deliveries/s', read: ({ rate }) => rate, written: whole },
  { x: 565, length: 225, title: 'CPU seconds per 10,000, less is better', read: ({ cost }) => cost, written: fixed },
]

const style = `
    text { font: 14px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
    .work { font-weight: 600; font-size: 16px }
    .said, .column { fill: #59636e; font-size: 13px }
    .own { font-weight: 600 }
    rect.own { fill: #0b6bcb }
    rect.bound { fill: #9cc7f0 }
    rect.peer { fill: #8c959f }
    .ground { fill: #ffffff }
    .line { stroke: #d1d9e0 }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .said, .column { fill: #9198a1 }
      rect.own { fill: #4c9dee }
      rect.bound { fill: #2b527a }
      rect.peer { fill: #656c76 }
      .ground { fill: #0d1117 }
      .line { stroke: #3d444d }
    }`

/** An SVG of the medians; `said` is the line below them. */
export function chartOf(turns, said) {
  const blocks = []
  let y = margin
  for (const [work, title] of Object.entries(works)) {
    const bars = barsOf(turns, work)
    blocks.push(block({ title, bars, y }))
    y += headHeight + bars.length * rowHeight + margin
  }
  const height = y + margin
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title described">
  <title id="title">How many deliveries a second, and what they cost</title>
  <desc id="described">${escaped(described(turns))}</desc>
  <style>${style}
  </style>
  <rect class="ground" width="${width}" height="${height}" rx="8"/>
${blocks.join('\n')}
  ${text({ x: margin, y: height - margin, name: 'said' }, said)}
</svg>
`
}

/** Everybody's medians, the highest rate first. */
function barsOf(turns, work) {
  const own = turns.filter((turn) => turn.work === work)
  return [...new Set(own.map(({ who }) => who))]
    .map((who) => {
      const median = (read) => spreadOf(own.filter((turn) => turn.who === who).map(read)).median
      return { who, figures: columns.map(({ read }) => median(read)) }
    })
    .sort((one, other) => other.figures[0] - one.figures[0])
}

function block({ title, bars, y }) {
  const heads = columns.map((column) => text({ x: column.x, y: y + 44, name: 'column' }, column.title))
  const rows = bars.map((bar, place) => row(bar, { bars, y: y + headHeight - 12 + place * rowHeight }))
  return [
    `  ${text({ x: margin, y: y + 16, name: 'work' }, title)}`,
    `  <line class="line" x1="${margin}" x2="${width - margin}" y1="${y + 26}" y2="${y + 26}"/>`,
    ...heads.map((head) => `  ${head}`),
    ...rows,
  ].join('\n')
}

function row({ who, figures }, { bars, y }) {
  const name = who === 'tidings' ? 'own' : contenders[who].storage === undefined ? 'bound' : 'peer'
  const baseline = y + barHeight - 4
  const drawn = columns.map(({ x, length, written }, column) => {
    const most = Math.max(...bars.map((bar) => bar.figures[column]))
    const long = Math.max(2, (figures[column] / most) * length).toFixed(1)
    const label = text({ x: Number(x) + Number(long) + 8, y: baseline, name }, written(figures[column]))
    return `  <rect class="${name}" x="${x}" y="${y}" width="${long}" height="${barHeight}" rx="3"/>\n  ${label}`
  })
  return [`  ${text({ x: margin, y: baseline, name }, contenders[who].name)}`, ...drawn].join('\n')
}

function described(turns) {
  return Object.entries(works)
    .map(([work, title]) => {
      const said = barsOf(turns, work).map(
        ({ who, figures: [rate, cost] }) => `${contenders[who].name} ${whole(rate)}/s at ${fixed(cost)} s`,
      )
      return `${title}: ${said.join('; ')}.`
    })
    .join(' ')
}

function text({ x, y, name }, words) {
  return `<text class="${name}" x="${Number(x).toFixed(1)}" y="${y}">${escaped(words)}</text>`
}

const escaped = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function whole(figure) {
  return Math.round(figure).toLocaleString('en')
}

function fixed(figure) {
  return figure.toFixed(2)
}
