import type { Journal, JournalBatch } from '#src/journal/journal.ts'

const never = new AbortController().signal

/** The next events, which must be there. */
export async function next(journal: Journal, after: number, limit = 1_000): Promise<JournalBatch> {
  const batch = await journal.read(after, limit, never)
  if (batch === null) throw new Error('nobody stopped the reading')
  return batch
}
