// The receivers: fifty origins in one process. They count every event, notice those that come twice or changed, and
// check the signatures of some.
import { createServer } from 'node:net'
import { answer } from './answering.mjs'
import { bodyBytes, bodyOf, numberAt, numberDigits, readDigits, tenantCount, trigger } from './events.mjs'
import { messages } from './framing.mjs'
import { faultIn } from './signing.mjs'

/** One request in so many is looked at byte by byte, and its signatures are computed again. */
const checkedOneIn = 256

/** More events than one turn can carry. */
const numbersAtMost = 8_000_000

/** In milliseconds. */
const tellEvery = 3

const ok = Buffer.from('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok')
const seen = new Uint8Array(numbersAtMost)
let keys = []
let counts = noCounts()
let goal = null

answer({
  async listen() {
    const ports = await Promise.all(Array.from({ length: tenantCount }, (_, place) => listen(reading(receive(place)))))
    const plain = await listen(reading((socket) => messages(() => socket.write(ok))))
    return {
      origins: ports.map((port) => `http://127.0.0.1:${port}`),
      plain: `http://127.0.0.1:${plain}`,
      progressPort: await listen(tell),
    }
  },
  /** From here on requests are signed with these keys, and numbers begin anew. */
  expect(webhookKeys) {
    keys = webhookKeys
    counts = noCounts()
    seen.fill(0)
  },
  counts: () => counts,
  /** Resolves once so many events have come, or time is up. */
  reached: ({ count, within }) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => resolve(counts), within)
      goal = { count, done: () => resolve((clearTimeout(timer), counts)) }
      arrived()
    }),
})

function noCounts() {
  return { received: 0, twice: 0, wrong: 0, checked: 0, fault: null }
}

function listen(onSocket) {
  return new Promise((resolve) => {
    const server = createServer({ noDelay: true }, onSocket)
    server.listen(0, '127.0.0.1', 1024, () => resolve(server.address().port))
  })
}

function reading(reader) {
  return (socket) => {
    socket.on('data', reader(socket))
    socket.on('error', () => socket.destroy())
  }
}

function receive(place) {
  return (socket) =>
    messages((bytes, start, bodyStart, end) => {
      socket.write(ok)
      const number = readDigits(bytes, bodyStart + numberAt, numberDigits)
      const isWhole = end - bodyStart === bodyBytes && number % tenantCount === place
      if (!isWhole) note(`a body of ${end - bodyStart} bytes, number ${number}, at webhook ${place}`)
      if (seen[number] === 1) counts.twice += 1
      else counts.received += 1
      seen[number] = 1
      if (number % checkedOneIn === 0) check(place, number, bytes, start, bodyStart, end)
      arrived()
    })
}

function check(place, number, ...[bytes, start, bodyStart, end]) {
  const body = bytes.subarray(bodyStart, end)
  counts.checked += 1
  if (Buffer.compare(body, bodyOf(number)) !== 0) return note(`other bytes in event ${number}`)
  const fault = faultIn(bytes.toString('latin1', start, bodyStart), body, keys[place], trigger)
  if (fault !== null) note(`${fault} on event ${number}`)
}

function note(fault) {
  counts.wrong += 1
  counts.fault ??= fault
}

function arrived() {
  if (goal === null || counts.received < goal.count) return
  goal.done()
  goal = null
}

// Tells the generator how many have come, so that it never runs further ahead than it should.
function tell(socket) {
  const timer = setInterval(() => socket.write(`${counts.received}\n`), tellEvery)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => clearInterval(timer))
}
