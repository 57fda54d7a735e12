/** Clients that publish: at a rate of their own whatever becomes of it, or as fast as they are answered. */
import { setTimeout } from 'node:timers/promises'
import type { Pool } from 'undici'
import { type Crowd, linesTo } from './crowd.ts'
import { postedOf } from './events.ts'

/** When each event was due to be posted and when its 2xx came, by its number less `first`; milliseconds of this process. */
export type Posted = { first: number; dueAt: Float64Array; ackedAt: Float64Array; refused: string[] }

type Plan = {
  /** Which webhook each event is for. */
  placeOf: (number: number) => number
  first?: number
}

const connectionsPaced = 256
const connectionsPouring = 64

/**
 * Posts so many events a second, each at its moment: whatever becomes of those before it, so that a server that stalls
 * is not spared what should have come meanwhile. Resolves when all have their answers.
 */
export async function pace(
  crowd: Crowd,
  { rate, seconds, placeOf, first = 0 }: Plan & { rate: number; seconds: number },
) {
  const lines = linesTo(crowd.door(), connectionsPaced)
  const count = Math.round(rate * seconds)
  const startsAt = performance.now() + 10
  const posted = blank(first, count)
  posted.dueAt.forEach((_, index) => (posted.dueAt[index] = startsAt + (index * 1_000) / rate))
  const under = new Set<Promise<void>>()
  for (let next = 0; next < count; ) {
    while (next < count && (posted.dueAt[next] ?? 0) <= performance.now()) {
      const one = post(crowd, { lines, posted, place: placeOf(first + next), index: next }).finally(() =>
        under.delete(one),
      )
      under.add(one)
      next += 1
    }
    await setTimeout(1)
  }
  await Promise.all(under)
  await lines.close()
  return posted
}

/** Posts so many events over many connections, each as soon as the one before it was answered. */
export async function pour(crowd: Crowd, { count, placeOf, first = 0 }: Plan & { count: number }): Promise<Posted> {
  const lines = linesTo(crowd.door(), connectionsPouring)
  const posted = blank(first, count)
  let next = 0
  const one = async () => {
    while (next < count) {
      const index = next++
      posted.dueAt[index] = performance.now()
      await post(crowd, { lines, posted, place: placeOf(first + index), index })
    }
  }
  await Promise.all(Array.from({ length: connectionsPouring }, one))
  await lines.close()
  return posted
}

const blank = (first: number, count: number): Posted => ({
  first,
  dueAt: new Float64Array(count),
  ackedAt: new Float64Array(count),
  refused: [],
})

type One = { lines: Pool; posted: Posted; place: number; index: number }

async function post(crowd: Crowd, { lines, posted, place, index }: One): Promise<void> {
  const headers = { authorization: crowd.door().key, 'content-type': 'application/json' }
  const body = postedOf(posted.first + index, { place, bytes: crowd.bodyBytes })
  try {
    const answer = await lines.request({ method: 'POST', path: '/api/v1/events', headers, body })
    const text = await answer.body.text()
    if (answer.statusCode < 300) posted.ackedAt[index] = performance.now()
    else posted.refused.push(`${answer.statusCode} ${text.slice(0, 200)}`)
  } catch (error) {
    posted.refused.push(String(error))
  }
}
