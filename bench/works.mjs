// What is measured: for each row of the table how it is posted, to whom, and how it is measured.
import { peers } from './contenders.mjs'
import { takeTurn } from './turn.mjs'
import { backlog } from './works/backlog.mjs'
import { crowd, mortalsIn } from './works/crowd.mjs'
import { oneHangs } from './works/hanging.mjs'
import { paced } from './works/paced.mjs'
import { saturated } from './works/saturated.mjs'

/**
 * How it is posted. The window is how far the generator runs ahead of the receivers, in events: enough for everybody to
 * batch as they like, too little for anybody to take in what it has not delivered, or to give up waiting (Tidings puts
 * what waits for two seconds into the store).
 */
export const loads = {
  single: { path: '/api/v1/events', connections: 256, eventsPerRequest: 1, window: 2_000 },
  batches: { path: '/api/v1/events/batch', connections: 16, eventsPerRequest: 100, window: 2_000 },
  /** Each of these events is a hundred deliveries, so that as many are under way. */
  fanOut: { path: '/api/v1/events', connections: 16, eventsPerRequest: 1, window: 20 },
}

const turns = () => ({ name: 'turns' })
const tidings = ['tidings']

/**
 * Each has contenders, and a scene that a setting may make smaller. With `pacedBy` it is posted at half of the rate that
 * Tidings reached at that work in the same round; what is measured `once` takes long and compares within itself.
 */
const works = {
  B1: { who: ['tidings', 'memory', ...peers], scene: turns, load: loads.single, measure: saturated },
  B2: { who: ['bare', 'tidings', 'memory', ...peers], scene: turns, load: loads.batches, measure: saturated },
  B3: { who: tidings, scene: turns, load: loads.single, measure: paced, pacedBy: 'B1' },
  B4: { who: tidings, scene: () => ({ name: 'fanOut' }), load: loads.fanOut, measure: saturated },
  B5: { who: tidings, scene: turns, load: loads.single, measure: backlog, once: true },
  B6: {
    ...{ who: tidings, scene: () => ({ name: 'halfToOne' }), load: loads.single },
    ...{ measure: oneHangs, pacedBy: 'B1', once: true },
  },
  B7: {
    ...{ who: tidings, scene: ({ crowd: webhooks }) => ({ name: 'crowd', webhooks }), mortals: mortalsIn },
    ...{ load: loads.batches, measure: crowd, once: true },
  },
}

/** The turns that a row needs: all of a work, or one contender's. */
const needs = {
  B1: ['B1'],
  B2: ['B2'],
  B3: ['B1 tidings', 'B3'],
  B4: ['B2 tidings', 'B4'],
  B5: ['B1 tidings', 'B5'],
  B6: ['B1 tidings', 'B6'],
  B7: ['B7'],
  B8: ['B2 tidings'],
}

/** Every row that turns are taken for. */
export const rowIds = Object.keys(needs)

/** The turns of one round, in order, that these rows need. */
export function turnsFor(rows, round) {
  const wanted = rows.flatMap((row) => needs[row] ?? [])
  return Object.entries(works).flatMap(([work, { who: all, once = false }]) =>
    once && round > 1
      ? []
      : all.filter((who) => wanted.includes(work) || wanted.includes(`${work} ${who}`)).map((who) => ({ work, who })),
  )
}

/** Takes one turn; its figures. `earlier` are those of the same round. */
export async function measureTurn({ work, who }, { setting, earlier, ...place }) {
  const { scene: sceneIn, mortals, load, measure, pacedBy } = works[work]
  const scene = sceneIn(setting)
  const paceSetter = earlier.find((turn) => turn.work === pacedBy && turn.who === who)
  const figures = await takeTurn({ who, scene, mortals: mortals?.(scene) }, place, (turn) =>
    measure(turn, { ...setting, load, rate: Math.round((paceSetter?.rate ?? 0) / 2) }),
  )
  return { work, who, ...figures }
}
