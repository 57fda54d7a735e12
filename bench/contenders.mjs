// Who runs.

const at = (name) => new URL(`./contenders/${name}.mjs`, import.meta.url)

/** Everybody in the same harness: the same generator before it, the same receivers behind it. */
export const contenders = {
  tidings: { name: 'Tidings', file: at('tidings'), args: ['sqlite'] },
  memory: { name: 'Tidings, store off', file: at('tidings'), args: ['memory'] },
  'pg-boss': { name: 'pg-boss + undici', file: at('pg-boss'), args: [], storage: 'postgres' },
  'graphile-worker': { name: 'graphile-worker + undici', file: at('graphile-worker'), args: [], storage: 'postgres' },
  bullmq: { name: 'BullMQ + undici', file: at('bullmq'), args: [], storage: 'redis' },
  bare: { name: 'bare undici loop', file: at('bare-loop'), args: [], drivesItself: true },
}

/** What people write by hand. */
export const peers = ['pg-boss', 'graphile-worker', 'bullmq']
