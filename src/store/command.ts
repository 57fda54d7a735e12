import type { Random } from '../clock.ts'
import type { FullerBodies } from '../domain/event.ts'
import type { Instant } from '../domain/time.ts'
import type { Vault } from '../domain/vault.ts'
import type { Records } from './records.ts'

/** An event that a command causes. `bodies` are for those who may be told more than `body` tells. */
export type Happening = {
  tenant: string
  trigger: string
  body: Uint8Array
  bodies?: FullerBodies
}

/** What a command is given beside its input. */
export type Moment = {
  now: Instant
  random: Random
  /** Seals the secrets that are kept. */
  vault: Vault
  /** Accepts an event in the same transaction: it is there if and only if the change is. */
  happens(event: Happening): void
}

/**
 * A named change: it reads, decides and writes inside one transaction.
 *
 * Input and output cross a thread or a network, so they are plain values. A command may be run
 * again when its transaction could not be committed; it must do nothing but use its records.
 */
export type Command<Input, Output> = {
  name: string
  run(records: Records, input: Input, at: Moment): Promise<Output>
}

/** Any command, for lists of them. */
export type AnyCommand = Command<never, unknown>

/** What is put down at the right place when a command is defined. */
export const command = <Input, Output>(
  name: string,
  run: (records: Records, input: Input, at: Moment) => Promise<Output>,
): Command<Input, Output> => ({ name, run })
