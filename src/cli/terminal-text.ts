/**
 * Text from outside, made harmless. What a receiver answers, and what people call things, may hold bytes that move
 * the cursor, retitle the window or turn the reading direction; a terminal must show them, not obey them.
 */

// C0 and C1 controls, DEL, the line separators, and what reorders text (Unicode UAX #9 §2).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const commanding = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** One line of text without anything that a terminal would obey. */
export const oneLine = (text: string): string => text.replace(commanding, spelledOut)

/** The same for text of several lines: they stay lines. */
export const manyLines = (text: string): string =>
  text.replaceAll('\r\n', '\n').replaceAll('\t', '  ').split('\n').map(oneLine).join('\n')

/** JSON that says the same and is safe to look at: JSON's own escapes stand for what JSON leaves as it is. */
export const shownJson = (value: unknown): string =>
  (JSON.stringify(value, null, 2) ?? '').split('\n').map(escaped).join('\n')

const escaped = (line: string): string => line.replace(commanding, (character) => `\\u${code(character, 4)}`)

const spelledOut = (character: string): string =>
  character < '\u0100' ? `\\x${code(character, 2)}` : `\\u${code(character, 4)}`

const code = (character: string, digits: number): string =>
  (character.codePointAt(0) ?? 0).toString(16).padStart(digits, '0')
