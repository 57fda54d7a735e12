import type { Faults } from './faults.ts'
import type { Ledger } from './ledger.ts'
import type { Reads } from './memory.ts'
import type { Scheduler } from './scheduler.ts'

/** What every check has before it: what is true, what the store says, and somebody to tell. */
export type Court = {
  ledger: Ledger
  reads: Reads
  scheduler: Scheduler
  faults: Faults
  /** A promise was broken. The first one ends the run. */
  fail(broken: string): void
}
