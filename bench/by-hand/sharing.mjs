// Whatever arrives while an insert is under way shares the next one: half as much work for a database as an insert for
// each event, and just as durable.

/** Returns what adds events and resolves once they are stored; `insert` stores many at once, `atOnce` of them run. */
export function sharing(insert, atOnce) {
  const waiting = []
  let inserting = 0

  async function insertAll() {
    if (waiting.length === 0 || inserting >= atOnce) return
    inserting += 1
    const batch = waiting.splice(0)
    try {
      await insert(batch.flatMap(({ events }) => events))
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    inserting -= 1
    void insertAll()
  }

  return (events) =>
    new Promise((resolve, reject) => {
      waiting.push({ events, resolve, reject })
      if (inserting < atOnce) setImmediate(() => void insertAll())
    })
}
