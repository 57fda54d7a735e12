// One clock for all processes of the machine: Linux counts CLOCK_MONOTONIC from the same moment for everybody.

const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** Milliseconds on that clock. */
export const monotonicNow = () => performance.now() + offset
