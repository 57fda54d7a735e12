// Many figures as few.

/** The middle one and the ninety-ninth of a hundred; 0 where there are none. */
export function percentiles(figures) {
  const sorted = figures.toSorted((one, other) => one - other)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}

/** The median of a few, and the ends. */
export function spreadOf(figures) {
  const sorted = figures.toSorted((one, other) => one - other)
  const middle = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
  return { median, least: sorted[0], most: sorted.at(-1) }
}
