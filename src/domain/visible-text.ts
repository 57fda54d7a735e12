/**
 * What a terminal would obey in a text: C0 and C1 controls, DEL, the line separators, and what reorders text (Unicode
 * UAX #9 §2).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const commanding = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** A line of JSON that says the same and is safe to look at: JSON's own escapes stand for what JSON leaves as it is. */
export const visibleJson = (line: string): string =>
  line.replace(commanding, (character) => `\\u${codeOf(character, 4)}`)

/** A character's number, in so many hexadecimal digits. */
export const codeOf = (character: string, digits: number): string =>
  (character.codePointAt(0) ?? 0).toString(16).padStart(digits, '0')
