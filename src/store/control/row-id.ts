const noRow = -1

/** A row's number; what can't be an id is the number of no row, so that "1e3" and "" find nothing. */
export const rowId = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : noRow)
