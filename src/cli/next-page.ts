import { dim } from 'ansis'
import { oneLine } from './terminal-text.ts'

/** How to see what comes behind a page; nothing when it was the last. */
export const nextPage = (next: string | null, option = '--after'): string =>
  next === null ? '' : `\n${dim(`There are more: ${option} ${oneLine(next)}`)}`
