/** Reads a column of JSON text that this program wrote; the caller knows what it wrote. */
export const jsonIn = <Value>(text: string): Value => JSON.parse(text) as Value

/** The text of a value for such a column. */
export const jsonText = (value: unknown): string => JSON.stringify(value)
