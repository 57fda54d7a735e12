/** How milliseconds are spread. */
export type Spread = { p50: number; p99: number; most: number }

/** The middle, the ninety-ninth of a hundred, and the longest. */
export function spreadOf(lengths: readonly number[]): Spread {
  const sorted = Float64Array.from(lengths).sort()
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99), most: at(1) }
}

/** Spelled out for a row. */
export const told = ({ p50, p99, most }: Spread): string =>
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, longest ${most.toFixed(0)} ms`
