// What a good engineer writes by hand, apart from the queue: a door that stores, and loops that send. Every peer is this
// with another queue in the middle, so that nothing but the queue differs.
import { answer, pause } from '../answering.mjs'
import { authorization, openDoor } from './door.mjs'
import { send, webhooksAt } from './sending.mjs'
import { sharing } from './sharing.mjs'

/** How many inserts are under way at once. */
const inserters = 2

/**
 * Runs a peer. `openQueue` is told where its storage is, and gives `insert(events)`, which resolves once they are durable;
 * `left()`, how many events it still has to send; and `close()`. It calls `send(event)`, and `ended(count)` when so many
 * were sent; if it writes that down only later, `isWritten()` says whether it has.
 */
export function answerByHand(openQueue) {
  const state = { inserted: 0, ended: 0 }
  let queue
  let door
  const isWritten = () => queue.isWritten?.() ?? true

  answer({
    async open({ origins, storage }) {
      const webhooks = webhooksAt(origins)
      const ended = (count) => (state.ended += count)
      queue = await openQueue({ ...storage, send: (event) => send(webhooks, event), ended })
      const insert = async (events) => {
        await queue.insert(events)
        state.inserted += events.length
      }
      door = await openDoor({ tenants: webhooks, enqueue: sharing(insert, inserters) })
      return { url: door.url, authorization, keys: [...webhooks.values()].map(({ keys }) => keys) }
    },
    /** Resolves once every event that was stored has been sent, and the queue has written that down. */
    async quiet() {
      while (state.ended < state.inserted || !(await isWritten())) await pause(1)
    },
    async recorded() {
      const left = await queue.left()
      return { delivered: state.inserted - left, other: left, attempts: state.ended }
    },
    async close() {
      await door.close()
      await queue.close()
    },
  })
}
