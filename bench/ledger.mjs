// What the receivers write down: every delivery, those that came twice or changed, and when they came. The signatures of
// some are checked.
import { bodyBytes, bodyOf, numberAt, numberDigits, readDigits, trigger } from './events.mjs'
import { monotonicNow } from './monotonic.mjs'
import { faultIn } from './signing.mjs'

/** One delivery in so many is looked at byte by byte, and its signatures are computed again. */
const checkedOneIn = 256

/** More deliveries than one turn can carry. */
const deliveriesAtMost = 8_000_000

/** More than a turn whose deliveries are timed can carry. */
const timesAtMost = 1_000_000

/** What came in a turn. */
export class Ledger {
  #scene = null
  #keys = []
  #seen = new Uint8Array(deliveriesAtMost)
  #times = new Float64Array(timesAtMost)
  #isIll = new Uint8Array(0)
  counts = noCounts()

  /** From here on requests are signed with these keys, and numbers begin anew. */
  begin({ scene, keys }) {
    this.#scene = scene
    this.#keys = keys
    this.#isIll = new Uint8Array(scene.webhooks)
    this.#seen.fill(0)
    this.#times.fill(0)
    this.counts = noCounts()
  }

  /** What comes to these from now on does not count as `well`, and may come again. */
  setIll(places) {
    this.#isIll.fill(0)
    for (const place of places) this.#isIll[place] = 1
  }

  /** A request that came to the webhook at a place. */
  take(place, bytes, ...[start, bodyStart, end]) {
    const { copies, tenantOf, heardAt } = this.#scene
    const number = readDigits(bytes, bodyStart + numberAt, numberDigits)
    const isWhole = end - bodyStart === bodyBytes && tenantOf(number) === heardAt(place)
    if (!isWhole) this.#note(`a body of ${end - bodyStart} bytes, number ${number}, at webhook ${place}`)

    const delivery = copies === 1 ? number : number * copies + place
    if (this.#seen[delivery] === 0) this.#count(place, number)
    else if (this.#isIll[place] === 0) this.counts.twice += 1
    this.#seen[delivery] = 1
    if (delivery % checkedOneIn === 0) this.#check(place, number, bytes, start, bodyStart, end)
  }

  #count(place, number) {
    const { counts } = this
    const now = monotonicNow()
    counts.firstAt ??= now
    counts.received += 1
    if (this.#isIll[place] === 0) counts.well += 1
    if (number < timesAtMost) this.#times[number] = now
  }

  /** When the events with these numbers came, on the clock of all processes; 0 for one that did not. */
  times(first, count) {
    return this.#times.slice(first, first + count)
  }

  #check(place, number, ...[bytes, start, bodyStart, end]) {
    const body = bytes.subarray(bodyStart, end)
    this.counts.checked += 1
    if (Buffer.compare(body, bodyOf(number)) !== 0) return this.#note(`other bytes in event ${number}`)
    const fault = faultIn(bytes.toString('latin1', start, bodyStart), body, this.#keys[place], trigger)
    if (fault !== null) this.#note(`${fault} on event ${number}`)
  }

  #note(fault) {
    this.counts.wrong += 1
    this.counts.fault ??= fault
  }
}

/** `well` are those of the received that came to webhooks which are not ill. */
const noCounts = () => ({ received: 0, well: 0, twice: 0, wrong: 0, checked: 0, fault: null, firstAt: null })
