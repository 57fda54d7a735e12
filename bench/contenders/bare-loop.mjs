// The bare loop: nothing is posted to it and nothing is kept; it signs and sends. What it reaches, no sender that is
// built on undici can exceed.
import { Client } from 'undici'
import { answer } from '../answering.mjs'
import { keysOf } from '../by-hand/sending.mjs'
import { bodyOf, trigger } from '../events.mjs'
import { signedHeaders } from '../signing.mjs'

/** Connections to each receiver, each with one request under way. */
const clientsPerOrigin = 2

let lanes = []
let next = []
const recorded = { delivered: 0, other: 0, attempts: 0 }

answer({
  open({ origins }) {
    const keys = origins.map((_, place) => keysOf(place))
    next = origins.map((_, place) => place)
    lanes = origins.flatMap((origin, place) =>
      Array.from({ length: clientsPerOrigin }, () => new Lane(new Client(origin), place, keys[place])),
    )
    return { keys }
  },
  /** Sends for so many seconds; says how many receivers accepted. */
  async send({ seconds }) {
    const before = recorded.delivered
    const end = performance.now() + seconds * 1000
    await Promise.all(lanes.map((lane) => lane.run(end)))
    return { accepted: recorded.delivered - before, refused: recorded.other === 0 ? null : 'receivers refused' }
  },
  quiet() {},
  recorded: () => recorded,
  close: () => Promise.all(lanes.map((lane) => lane.client.close())),
})

/** One connection: undici's handler and the loop around it in one object, so that a request costs no other. */
class Lane {
  constructor(client, place, keys) {
    this.client = client
    this.place = place
    this.keys = keys
    this.status = 0
    this.end = 0
    this.finish = () => {}
  }

  run(end) {
    this.end = end
    return new Promise((resolve) => {
      this.finish = resolve
      this.#send()
    })
  }

  #send() {
    const now = performance.now()
    if (now >= this.end) return this.finish()
    const number = next[this.place]
    next[this.place] += next.length
    const body = bodyOf(number)
    const timestamp = Math.floor(Date.now() / 1000)
    const headers = signedHeaders(this.keys, { id: `event-${number}`, trigger, timestamp, body })
    this.client.dispatch({ method: 'POST', path: '/hook', headers, body }, this)
  }

  onConnect() {}

  onHeaders(status) {
    this.status = status
    return true
  }

  onData() {
    return true
  }

  onComplete() {
    recorded.attempts += 1
    if (this.status === 200) recorded.delivered += 1
    else recorded.other += 1
    this.#send()
  }

  onError() {
    recorded.attempts += 1
    recorded.other += 1
    this.#send()
  }
}
