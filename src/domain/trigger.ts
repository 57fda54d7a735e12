import { Refusal } from './refusal.ts'

/** The kind of thing that happened, such as `pledges:create`. */
export type Trigger = string

/** A trigger that is registered: webhooks may listen for it and events may carry it. */
export type RegisteredTrigger = {
  name: Trigger
  description: string
  /** A body such as a receiver will get, as compact JSON. */
  example: string
}

/** Fits into a header and an index beside other things. */
const triggerLengthLimit = 128

/** What patrons cause, as v1 tells it. */
export const pledgeTriggers = ['pledges:create', 'pledges:update', 'pledges:delete'] as const
/** One of these. */
export type PledgeTrigger = (typeof pledgeTriggers)[number]

/** What patrons cause, as v2 tells it. */
export const memberTriggers = [
  ...(['members:create', 'members:update', 'members:delete'] as const),
  ...(['members:pledge:create', 'members:pledge:update', 'members:pledge:delete'] as const),
] as const
/** One of these. */
export type MemberTrigger = (typeof memberTriggers)[number]

/** What creators cause when they write. */
export const postTriggers = ['posts:publish', 'posts:update', 'posts:delete'] as const
/** One of these. */
export type PostTrigger = (typeof postTriggers)[number]

/** Everything that `membership` causes. With nothing but these, a webhook is Patreon-style. */
export const patreonTriggers = [...pledgeTriggers, ...memberTriggers, ...postTriggers] as const
/** One of these. */
export type PatreonTrigger = (typeof patreonTriggers)[number]

/** What `kittens` causes. */
export const kittenTriggers = ['kittens:create', 'kittens:delete'] as const

const wellFormed = /^[a-z0-9_]+(?:[:.][a-z0-9_]+)*$/
const partOfDigitsAlone = /(?:^|[:.])[0-9]+(?:$|[:.])/

/**
 * Passes a well-formed trigger on, and refuses any other.
 * No part may be digits alone: signed ids are `<event id>~<trigger>` and are followed by a timestamp.
 */
export function triggerNamed(name: string, field: string): Trigger {
  if (name.length <= triggerLengthLimit && wellFormed.test(name) && !partOfDigitsAlone.test(name)) return name
  throw new Refusal('trigger_malformed', {
    message: `${JSON.stringify(name.slice(0, 200))} is not a trigger.`,
    field,
    expected: 'lower-case words joined by ":" or ".", none of them digits alone, such as "invoice:paid"',
  })
}
