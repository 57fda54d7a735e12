/** Amounts between cents, in which everything is kept, and dollars, in which people write. */

/** An amount as people read it: `$5.00`. */
export const dollars = (cents: number): string => `${cents < 0 ? '-' : ''}$${amount(Math.abs(cents))}`

/** An amount as it stands in a form: `5.00`. */
export const amount = (cents: number): string => (cents / 100).toFixed(2)

const written = /^(-?)\$?\s*(\d{1,9})(?:[.,](\d{1,2}))?$/

/** The cents that somebody wrote as `5`, `$5`, `5,5` or even `-5`; NaN for what is no amount. No floating point is in between. */
export function centsIn(text: string): number {
  const [, sign, whole, fraction = ''] = written.exec(text.trim()) ?? []
  if (whole === undefined) return Number.NaN
  const cents = Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
  return sign === '-' ? -cents : cents
}
