import { bold, dim } from 'ansis'
import Table from 'cli-table3'
import { manyLines, oneLine } from './terminal-text.ts'

/** Something in a table: what comes from outside goes in as it is, and is made harmless here. */
export type Cell = string | number | boolean | null | Coloured

/** A text with the colour that it is shown in. */
export type Coloured = { text: string; colour: (text: string) => string }

const edges = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
const lines = [...edges, 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid']
const withoutLines = { chars: { ...Object.fromEntries(lines.map((line) => [line, ''])), middle: '  ' } }
const plainStyle = { head: [], border: [], 'padding-left': 0, 'padding-right': 0 }

/** Rows under their headings; without rows the sentence that says how to get some. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[], whenEmpty: string): string {
  if (rows.length === 0) return whenEmpty
  const laidOut = new Table({ ...withoutLines, style: plainStyle, head: headings.map((heading) => dim(heading)) })
  laidOut.push(...rows.map((row) => row.map(shown)))
  return trimmed(laidOut.toString())
}

/** What is known of one thing, a fact a line; facts that are undefined are left out. */
export function facts(title: string, known: Readonly<Record<string, Cell | undefined>>): string {
  const laidOut = new Table({ ...withoutLines, style: plainStyle })
  for (const [name, value] of Object.entries(known)) {
    if (value !== undefined) laidOut.push([dim(name), shown(value)])
  }
  return `${bold(oneLine(title))}\n${indented(trimmed(laidOut.toString()))}`
}

/** Names and explanations side by side, broken to fit into 80 columns. */
export function glossary(entries: readonly (readonly [name: string, meaning: string])[]): string {
  const widest = Math.max(...entries.map(([name]) => name.length))
  const laidOut = new Table({ ...withoutLines, style: plainStyle, wordWrap: true, colWidths: [widest, 74 - widest] })
  laidOut.push(...entries.map(([...entry]) => entry))
  return indented(trimmed(laidOut.toString()))
}

/** Moves every line in a little. */
export const indented = (text: string): string => text.replace(/^/gm, '  ')

/** A text of several lines from outside, moved in. */
export const quoted = (text: string): string => indented(manyLines(text.trimEnd()))

/** Several things in one cell. */
export const listed = (things: readonly string[]): string => (things.length === 0 ? '-' : things.join(', '))

function shown(cell: Cell): string {
  if (cell === null || cell === '') return '-'
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  if (typeof cell === 'object') return cell.colour(oneLine(cell.text))
  return oneLine(String(cell))
}

const trimmed = (text: string): string => text.replace(/[ \t]+$/gm, '')
