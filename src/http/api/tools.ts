import type { Clock, Random } from '../../clock.ts'
import type { DestinationPolicy } from '../../domain/destination.ts'
import type { Vault } from '../../domain/vault.ts'
import type { Journal } from '../../journal/journal.ts'
import type { Passage } from '../../passage.ts'
import type { Budget } from '../../pipeline/budget.ts'
import type { TriggerCatalogue } from '../../registration/triggers.ts'
import type { Store } from '../../store/store.ts'

/** What the API works with. */
export type ApiTools = {
  store: Store
  journal: Journal
  /** What the doors for events may take upon themselves. */
  budget: Budget
  catalogue: TriggerCatalogue
  clock: Clock
  /** Null where the clock is the machine's. */
  passage: Passage | null
  random: Random
  vault: Vault
  /** What a webhook's URI may look like. */
  destinations: DestinationPolicy
  /** Says whether an address written as such in a URI may be reached. */
  mayReach: (address: string) => boolean
  publicUrl: string
  /** What links in documents begin with. */
  linkBase: string
  /** Something may have become due. */
  wake: () => void
}
