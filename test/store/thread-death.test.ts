import { describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '#src/clock.ts'
import { seconds } from '#src/domain/time.ts'
import { Mailbox } from '#src/store/sqlite/mailbox.ts'
import { handClock } from '../hand-clock.ts'

const opened = { kind: 'opened', lastSequence: 0, mark: 0, listenersVersion: 0, isFlushing: false }

/** A thread that says it is open, and then does with each message what is written here. */
const aThread = (onMessage: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads'
      parentPort.on('message', (message) => { if (message === null) parentPort.close(); else { ${onMessage} } })
      parentPort.postMessage(${JSON.stringify(opened)})`)}`,
  )

const aMailbox = (onMessage: string, clock: Clock = systemClock) =>
  Mailbox.open(aThread(onMessage), { path: 'none', vaultKey: new Uint8Array(), now: 0 }, { clock, onNews() {} })

const anErrand = { kind: 'flush', now: 0, limit: 1 } as const

const notCommitted = (fault: string) =>
  `parentPort.postMessage({ kind: 'not-committed', fault: '${fault}', message: 'no' })`

describe('a writer thread that can’t go on', () => {
  test.each([
    ['dies of a mistake', `throw new Error('a mistake')`, 'a mistake'],
    ['ends', `parentPort.close()`, 'the writer thread ended'],
    ['finds its disk in doubt', notCommitted('broken'), 'no'],
  ])(
    '%s: nobody knows what became of the last commit, nothing more is written, and whoever cares is told',
    async (_how, onMessage, why) => {
      const mailbox = await aMailbox(onMessage)

      const inFlight = mailbox.send(anErrand)
      await expect(inFlight).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('Nobody knows'),
      })

      expect((await mailbox.broke).message).toBe(why)
      expect(mailbox.state).toBe('broken')
      await expect(mailbox.send(anErrand)).rejects.toMatchObject({
        message: expect.stringContaining('Nothing of this'),
      })
      await mailbox.close()
    },
  )

  test('is not what a full disk is: that is in doubt for ten seconds, and then worth a try', async () => {
    const clock = handClock()
    const mailbox = await aMailbox(notCommitted('full'), clock)

    await expect(mailbox.send(anErrand)).rejects.toMatchObject({ message: expect.stringContaining('Nothing of this') })

    expect(mailbox.state).toBe('unwritable')
    clock.pass(seconds(10))
    expect(mailbox.state).toBe('writable')
    await mailbox.close()
  })
})
