/** Cents as people read them: `$5.00`. */
export const dollars = (cents: number): string => `$${(cents / 100).toFixed(2)}`
