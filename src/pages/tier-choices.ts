import { hasPlaceLeft, isOffered, type TierStanding } from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'

/** The tiers that somebody may choose now, as answers of a select field. */
export const tierChoices = (tiers: readonly TierStanding[]): { value: string; text: string }[] =>
  tiers
    .filter((tier) => isOffered(tier) && hasPlaceLeft(tier))
    .map(({ id, title, amountCents }) => ({ value: id, text: `${title} · ${dollars(amountCents)}` }))
