import { afterEach, describe } from 'vitest'
import { audienceSuite } from './audience-suite.ts'
import { historySuite } from './history-suite.ts'
import { readingSuite } from './reading-suite.ts'
import { settlingSuite } from './settling-suite.ts'
import type { OpenPlace, Place } from './stage.ts'
import { waitingSuite } from './waiting-suite.ts'

/** What every store must do. A new store is finished when this passes. */
export function storeSuite(name: string, open: OpenPlace): void {
  const opened: Place[] = []
  const openOne = async () => {
    const place = await open()
    opened.push(place)
    return place
  }
  afterEach(async () => {
    for (const place of opened.splice(0)) await place.close()
  })

  describe(`a store (${name})`, () => {
    settlingSuite(openOne)
    waitingSuite(openOne)
    readingSuite(openOne)
    audienceSuite(openOne)
    historySuite(openOne)
  })
}
