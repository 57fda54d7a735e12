// Tidings with the store switched off: events and deliveries live in memory and are forgotten once they are
// delivered. Who listens, and everything else that does not move with the rate, stays in the real store.

/**
 * Replaces the hot path of an opened store. It knows deliveries that end at the first attempt and nothing else: what
 * would have to wait ends the process, so that a run that needed the store can't pass for one that did not.
 */
export function memoryParts(opened) {
  const journal = memoryJournal(opened)
  const recorded = { delivered: 0, other: 0, attempts: 0 }
  const deliveries = {
    ...opened.deliveries,
    async settle(settlements) {
      await endOfTurn()
      for (const { delivery, attempt } of settlements) {
        if (delivery.status !== 'delivered') end(`a delivery is ${delivery.status}: only a store can keep it`)
        recorded.delivered += 1
        if (attempt !== null) recorded.attempts += 1
      }
    },
  }
  return { store: { ...opened, deliveries }, journal, recorded }
}

function end(why) {
  console.error(why)
  process.exit(1)
}

// As the writer's mailbox does it: what arrives in the same turn of the event loop goes on together. Without that the
// pipeline would be measured at batches of one, which no store ever gives it.
const endOfTurn = () => new Promise((resolve) => setImmediate(resolve))

function memoryJournal(opened) {
  let waiting = []
  let last = 0
  let wake = () => {}

  return {
    async append(events) {
      await endOfTurn()
      const accepted = events.map((event) => {
        last += 1
        waiting.push({ ...event, sequence: last, bodies: null })
        return { kind: 'accepted', id: event.id, sequence: last }
      })
      wake()
      return accepted
    },
    mark: async () => 0,
    async read(_after, limit, signal) {
      while (waiting.length === 0) {
        if (signal.aborted) return null
        await new Promise((resolve) => {
          wake = resolve
          signal.addEventListener('abort', resolve, { once: true })
        })
        signal.removeEventListener('abort', wake)
      }
      const events = waiting.slice(0, limit)
      waiting = waiting.slice(limit)
      return { events, mayBeKnown: false, listenersVersion: opened.listeners.version() }
    },
    lastSequence: () => last,
    moveMark() {},
  }
}
