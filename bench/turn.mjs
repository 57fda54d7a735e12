// One turn: one contender, started anew on its own scene, with what every kind of work needs of it.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startChild } from './children.mjs'
import { contenders } from './contenders.mjs'
import { peakMemory, processorSeconds } from './processor.mjs'
import { sceneOf } from './scenes.mjs'
import { startStorage, stopStorages } from './storages.mjs'

/** Events that have not come by then are lost, in milliseconds: longer than the first retries would take. */
const lostAfter = 20_000

/** Starts the receivers and the generator, which serve all turns. */
export async function startHarness() {
  const receiver = startChild(new URL('./receiver.mjs', import.meta.url))
  const generator = startChild(new URL('./generator.mjs', import.meta.url))
  return { receiver, generator, ...(await receiver.ask('listen')) }
}

/** Opens a contender on a scene, gives the turn to `measure`, and takes everything down. */
export async function takeTurn({ who, scene, mortals = [] }, { harness, root }, measure) {
  const folder = join(root, 'turn')
  mkdirSync(folder, { mode: 0o755 })
  const turn = new Turn({ who, scene, harness, folder })
  try {
    await turn.open(mortals)
    return await measure(turn)
  } finally {
    await turn.child?.stop()
    await stopStorages()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A contender on its scene. */
class Turn {
  child = null
  /** Where the webhooks' receivers are. */
  origins = []
  /** Events that were accepted since the receivers' numbers began. */
  total = 0
  #door = null
  #storage = null

  constructor({ who, scene, harness, folder }) {
    Object.assign(this, { who, scene, harness, folder })
  }

  async open(mortals) {
    const { file, args, storage } = contenders[this.who]
    const { receiver, generator } = this.harness
    this.origins = await receiver.ask('stage', { scene: this.scene, mortals })
    this.#storage = storage === undefined ? null : await startStorage(storage, this.folder)
    this.child = startChild(file, args)
    const { folder, scene, origins } = this
    const { keys, ...door } = await this.child.ask('open', { origins, folder, scene, storage: this.#storage })
    this.#door = door
    await generator.ask('restart')
    await receiver.ask('expect', { scene, keys })
  }

  /** Ends the contender's process and starts another on the same folder; the door is where that says. */
  async reopen() {
    await this.child.stop()
    const { file, args } = contenders[this.who]
    this.child = startChild(file, args)
    this.#door = { ...this.#door, ...(await this.child.ask('reopen', { folder: this.folder })) }
  }

  /** Posts as a load says, for so many seconds, as fast as it goes; nothing of it may be refused. */
  async post({ path, ...load }, seconds) {
    const { harness, scene } = this
    const { progressPort } = harness
    const door = { ...this.#door, path }
    return this.#accepted(
      contenders[this.who].drivesItself
        ? await this.child.ask('send', { seconds })
        : await harness.generator.ask('post', { ...load, seconds, scene, progressPort, door }),
    )
  }

  /** Posts at a rate of its own. */
  async pace({ path, connections }, { rate, seconds }) {
    const { harness, scene } = this
    const door = { ...this.#door, path }
    return this.#accepted(await harness.generator.ask('pace', { connections, rate, seconds, scene, door }))
  }

  #accepted(driven) {
    if (driven.refused !== null) throw new Error(`${this.who} refused an event: ${driven.refused}`)
    this.total += driven.accepted
    return driven
  }

  /** Resolves once everything that was accepted has come to all receivers, and has been written down. */
  async arrived() {
    await this.mustHaveCome(this.total * sceneOf(this.scene).copies)
    await this.child.ask('quiet')
  }

  /** Resolves once so many deliveries have come, each once and unchanged; rejects when one does not. */
  async mustHaveCome(count, of = 'received') {
    const { who } = this
    const counts = await this.harness.receiver.ask('reached', { count, of, within: lostAfter })
    if (counts[of] !== count) throw new Error(`${who} has ${count} deliveries to make, and receivers got ${counts[of]}`)
    if (counts.twice > 0) throw new Error(`${who} made ${counts.twice} of ${count} deliveries twice`)
    if (counts.wrong > 0) throw new Error(`${who} changed ${counts.wrong} of ${count}; the first: ${counts.fault}`)
    if (counts.checked === 0) throw new Error(`not one request of ${who} was looked at`)
    return counts
  }

  /** What was accepted is written down as delivered, each with one attempt; beside `other` deliveries that still wait. */
  async mustBeRecorded(other = 0) {
    const expected = this.total * sceneOf(this.scene).copies
    const recorded = await this.child.ask('recorded')
    if (recorded.delivered === expected && recorded.other === other && recorded.attempts === expected) return
    const found = `${recorded.delivered} delivered, ${recorded.other} not, ${recorded.attempts} attempts`
    throw new Error(`${this.who} has made ${expected} deliveries, and recorded ${found}`)
  }

  /** Resolves once anything has come to a receiver. */
  async firstArrived() {
    return await this.harness.receiver.ask('reached', { count: 1, within: lostAfter })
  }

  /** Seconds of processor time of the contender, its storage included. */
  processorSeconds() {
    const trees = this.#storage === null ? [] : [this.#storage.pid]
    return processorSeconds({ pid: this.child.pid, trees })
  }

  peakMemory() {
    return peakMemory(this.child.pid)
  }
}
