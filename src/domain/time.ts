/** A moment: milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

/** A span of time in milliseconds. */
export type Duration = number

/** So many seconds. */
export const seconds = (count: number): Duration => count * 1000
/** So many minutes. */
export const minutes = (count: number): Duration => seconds(count * 60)
/** So many hours. */
export const hours = (count: number): Duration => minutes(count * 60)
/** So many times 24 hours. */
export const days = (count: number): Duration => hours(count * 24)
