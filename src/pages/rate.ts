import { type Campaign, type Pledge, payPerName } from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'

/** What somebody pays for a pledge: `$5.00 per month, paid by the year`. */
export function rateInWords(pledge: Pledge, campaign: Pick<Campaign, 'isMonthly'>): string {
  const rate = `${dollars(pledge.amountCents)} per ${payPerName(campaign)}`
  return pledge.cadenceMonths === 12 ? `${rate}, paid by the year` : rate
}
