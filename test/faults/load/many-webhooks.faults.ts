import { test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { amount } from './amounts.ts'
import { failedAttempts } from './attempts.ts'
import { aCrowd } from './crowd.ts'
import { pour } from './posting.ts'

const webhooks = amount('FAULTS_WEBHOOKS', 1_500)
const patienceMs = 120_000

/** What most systems give a process that asks for nothing; with more than that it is only easier. */
const openFiles = 1_024

test(`a server that may open ${openFiles} files reaches ${webhooks} webhooks with one event each, and no attempt fails`, async ({
  expect,
}) => {
  const crowd = await aCrowd({ webhooks, under: ['prlimit', `--nofile=${openFiles}`] })
  try {
    const { receivers } = crowd
    const { refused } = await pour(crowd, { count: webhooks, placeOf: (number) => number })
    await receivers.until(() => receivers.acceptedTimes >= webhooks, patienceMs)
    const { errors } = await crowd.server().stop()

    const { acceptedTimes, repeated } = receivers
    const failed = failedAttempts(crowd.storePath)
    const isOk = acceptedTimes === webhooks && repeated + failed.length + refused.length === 0 && errors === ''
    const figures = `${acceptedTimes} of ${webhooks} webhooks reached with ${openFiles} open files`
    row('R44', isOk, `${figures}, failed attempts ${failed.length}`)
    expect({ acceptedTimes, repeated, failed, refused, errors }).toEqual({
      ...{ acceptedTimes: webhooks, repeated: 0, failed: [], refused: [], errors: '' },
    })
  } finally {
    await crowd.close()
  }
}, 600_000)
