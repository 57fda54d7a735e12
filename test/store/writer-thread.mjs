// The writer thread with one more command: it causes an event with whatever bodies a test wants.
import { parentPort, workerData } from 'node:worker_threads'
import { systemRandom } from '../../dist/clock.js'
import { commands } from '../../dist/commands.js'
import { runWriter } from '../../dist/store/sqlite/writer.js'

const tell = {
  name: 'tests.tell',
  async run(records, { clientId, ...happening }, at) {
    at.happens(happening)
    if ((await records.clients.find(clientId)) === null) throw new Error('this command fails when all is done')
    return null
  },
}

await runWriter(parentPort, workerData, { commands: [...commands, tell], random: systemRandom })
