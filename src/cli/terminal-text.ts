import { codeOf, commanding, visibleJson } from '../domain/visible-text.ts'

/**
 * Text from outside, made harmless. What a receiver answers, and what people call things, may hold bytes that move
 * the cursor, retitle the window or turn the reading direction; a terminal must show them, not obey them.
 */

/** One line of text without anything that a terminal would obey. */
export const oneLine = (text: string): string => text.replace(commanding, spelledOut)

/** The same for text of several lines: they stay lines. */
export const manyLines = (text: string): string =>
  text.replaceAll('\r\n', '\n').replaceAll('\t', '  ').split('\n').map(oneLine).join('\n')

/** JSON that says the same and is safe to look at: JSON's own escapes stand for what JSON leaves as it is. */
export const shownJson = (value: unknown): string =>
  (JSON.stringify(value, null, 2) ?? '').split('\n').map(visibleJson).join('\n')

const spelledOut = (character: string): string =>
  character < '\u0100' ? `\\x${codeOf(character, 2)}` : `\\u${codeOf(character, 4)}`
