// The receivers: all origins of a scene in one process. Each has an address of its own in 127.0.0.0/8, so that one
// listener serves them all. They answer at once, unless they are told to be ill.
import { createServer } from 'node:net'
import { answer } from './answering.mjs'
import { messages } from './framing.mjs'
import { Ledger } from './ledger.mjs'
import { sceneOf } from './scenes.mjs'

/** How often the generator is told how many have come, in milliseconds. */
const tellEvery = 3

/** What a slow receiver takes to answer, in milliseconds. */
const slowAnswer = 1_000

const ok = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok')

const ledger = new Ledger()
/** What the generator is told: of a scene with ill webhooks only the others' share is certain to come. */
let progress = { from: 0, share: 1 }
let goal = null
let port
/** Whoever may die in this scene listens at a port that can be closed. */
let mortal = null
const ill = { hanging: new Set(), slow: new Set() }
let unanswered = []

answer({
  async listen() {
    port = (await listen(reading(receive), '0.0.0.0')).port
    const plain = await listen(reading((socket) => messages(() => socket.write(ok))))
    const { port: progressPort } = await listen(tell)
    return { plain: `http://127.0.0.1:${plain.port}`, progressPort }
  },
  /** Makes room for a scene; where each of its webhooks is. Those that will die share a port that can be closed. */
  async stage({ scene, mortals = [] }) {
    mortal?.close()
    mortal = mortals.length === 0 ? null : await listen(reading(receive), '0.0.0.0')
    const isMortal = new Set(mortals)
    const { webhooks } = sceneOf(scene)
    return Array.from(
      { length: webhooks },
      (_, place) => `http://${addressOf(place)}:${isMortal.has(place) ? mortal.port : port}`,
    )
  },
  /** From here on requests are signed with these keys, and numbers begin anew. */
  expect({ scene, keys }) {
    ledger.begin({ scene: sceneOf(scene), keys })
    unanswered = []
    progress = { from: 0, share: 1 }
    fallIll({})
  },
  /** From here on some receivers hang, are slow, or are dead and refuse connections; `share` of the events go to others. */
  fallIll,
  /** Whoever hangs answers everything now, and from now on at once. */
  recover() {
    ill.hanging = new Set()
    for (const socket of unanswered.splice(0)) socket.write(ok)
  },
  counts: () => ledger.counts,
  /** Resolves once so many deliveries have come, or time is up; `of`: to all webhooks or to those that are well. */
  reached: ({ count, of = 'received', within }) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(ledger.counts), within)
      goal = { count, of, done: () => resolve((clearTimeout(timer), ledger.counts)) }
      arrived()
    }),
  times: ({ first, count }) => ledger.times(first, count),
})

function fallIll({ hanging = [], slow = [], dead = [], share = 1 }) {
  ill.hanging = new Set(hanging)
  ill.slow = new Set(slow)
  ledger.setIll([...hanging, ...slow, ...dead])
  progress = { from: ledger.counts.well, share }
  if (dead.length > 0) mortal.close()
}

const addressOf = (place) => `127.1.${place >> 8}.${place & 0xff}`

/** The place whose address it is; null for what comes from outside this machine. */
function placeAt(address) {
  const [network, subnet, high, low] = address.split('.').map(Number)
  return network === 127 && subnet === 1 ? high * 256 + low : null
}

function listen(onSocket, host = '127.0.0.1') {
  return new Promise((resolve) => {
    const sockets = new Set()
    const server = createServer({ noDelay: true }, (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      onSocket(socket)
    })
    const close = () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
    server.listen(0, host, 4096, () => resolve({ port: server.address().port, close }))
  })
}

function reading(reader) {
  return (socket) => {
    socket.on('error', () => socket.destroy())
    const take = reader(socket)
    if (take === null) socket.destroy()
    else socket.on('data', take)
  }
}

function receive(socket) {
  const place = placeAt(socket.localAddress)
  if (place === null) return null
  return messages((bytes, start, bodyStart, end) => {
    if (ill.hanging.has(place)) unanswered.push(socket)
    else if (ill.slow.has(place)) setTimeout(() => socket.write(ok), slowAnswer)
    else socket.write(ok)
    ledger.take(place, bytes, start, bodyStart, end)
    arrived()
  })
}

function arrived() {
  if (goal === null || ledger.counts[goal.of] < goal.count) return
  goal.done()
  goal = null
}

// Tells the generator how many have come, so that it never runs further ahead than it should.
function tell(socket) {
  const timer = setInterval(() => {
    const { from, share } = progress
    socket.write(`${Math.round(from + (ledger.counts.well - from) / share)}\n`)
  }, tellEvery)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => clearInterval(timer))
}
