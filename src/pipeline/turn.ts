/** Resolves once everything else that was ready to run has had its turn of the event loop. */
export const endOfTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
