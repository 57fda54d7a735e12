// The databases that the peers keep their events in.
import { findPostgres, postgresVersion, startPostgres, stopPostgres } from './postgres.mjs'
import { findRedis, redisVersion, startRedis, stopRedis } from './redis.mjs'

const storages = {
  postgres: { name: 'PostgreSQL', find: findPostgres, start: startPostgres, version: postgresVersion },
  redis: { name: 'Redis', find: findRedis, start: startRedis, version: () => `Redis ${redisVersion()}` },
}

/** Which of these are there, installed where that is ours to do; what is missing is told. */
export function findStorages(names) {
  return names.filter((name) => {
    const isThere = storages[name].find() !== null
    if (!isThere) console.error(`Missing: ${storages[name].name}. Install it with your system’s packages.`)
    return isThere
  })
}

/** Starts one in a folder: where it is reached, and its first process. */
export const startStorage = (name, folder) => storages[name].start(folder)

/** Stops whichever runs. */
export async function stopStorages() {
  await stopPostgres()
  await stopRedis()
}

/** Their versions, as they say them. */
export const versionsOf = (names) => names.map((name) => storages[name].version())
