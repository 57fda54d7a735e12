// Who runs, and at what work.

const at = (name) => new URL(`./contenders/${name}.mjs`, import.meta.url)

/** Everybody in the same harness: the same generator before it, the same receivers behind it. */
export const contenders = {
  tidings: { name: 'Tidings', file: at('tidings'), args: ['sqlite'] },
  memory: { name: 'Tidings, store off', file: at('tidings'), args: ['memory'] },
  'pg-boss': { name: 'pg-boss + undici', file: at('pg-boss'), args: [], needsPostgres: true },
  bare: { name: 'bare undici loop', file: at('bare-loop'), args: [], drivesItself: true },
}

/**
 * How it is posted. The window is how far the generator runs ahead of the receivers: enough for everybody to batch as
 * they like, too little for anybody to take in what it has not delivered, or to give up waiting (Tidings puts what waits
 * for two seconds into the store).
 */
export const workloads = {
  B1: { path: '/api/v1/events', connections: 256, eventsPerRequest: 1, window: 2_000 },
  B2: { path: '/api/v1/events/batch', connections: 16, eventsPerRequest: 100, window: 2_000 },
}

/** The turns of one round, in order. The bare loop is given nothing, so it is the same for both. */
export const round = [
  { work: 'B1', who: 'tidings' },
  { work: 'B1', who: 'memory' },
  { work: 'B1', who: 'pg-boss' },
  { work: 'B2', who: 'bare' },
  { work: 'B2', who: 'tidings' },
  { work: 'B2', who: 'memory' },
  { work: 'B2', who: 'pg-boss' },
]
