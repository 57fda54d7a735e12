import type { Clock, Random } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Passage } from '../passage.ts'
import type { Store } from '../store/store.ts'

/** Slow on purpose: Argon2. */
export type Passwords = {
  verify(hash: string, password: string): Promise<boolean>
  hash(password: string): Promise<string>
}

/** What the pages work with. */
export type PageTools = {
  store: Store
  clock: Clock
  /** Null where the clock is the machine's. */
  passage: Passage | null
  random: Random
  log: Log
  passwords: Passwords
  /** What links in documents begin with. */
  linkBase: string
}
