import type { Migration } from 'kysely'
import { beginning } from './0001-beginning.ts'
import { provider } from './0002-provider.ts'
import { memberships } from './0003-memberships.ts'
import { pledgePlaces } from './0004-pledge-places.ts'
import { shipping } from './0005-shipping.ts'
import { pledgeSums } from './0006-pledge-sums.ts'
import { log } from './0007-log.ts'

/** Every change to the tables, in the order of their names; one that has run is never edited. */
export const migrations: Record<string, Migration> = {
  '0001-beginning': beginning,
  '0002-provider': provider,
  '0003-memberships': memberships,
  '0004-pledge-places': pledgePlaces,
  '0005-shipping': shipping,
  '0006-pledge-sums': pledgeSums,
  '0007-log': log,
}
