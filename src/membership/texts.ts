import { Refusal } from '../domain/refusal.ts'

// A database of ours refuses NUL, and no page shows the others.
const controlCharacter = /[^\P{Cc}\t\r\n]/u

/** Lets a text pass that is neither too short nor too long, and that every page can show. */
export function mustFit(
  text: string,
  { field, shortest, longest }: { field: string; shortest: number; longest: number },
): void {
  const length = text.trim() === '' ? 0 : text.length
  if (length >= shortest && text.length <= longest && !controlCharacter.test(text)) return
  throw new Refusal('field_invalid', {
    message: messageAbout(text, length, longest),
    field,
    expected: `${shortest} to ${longest} characters, with no control characters but tabs and line ends`,
  })
}

function messageAbout(text: string, length: number, longest: number): string {
  if (text.length > longest) return `A text of ${text.length} characters can't be kept; ${longest} can.`
  return length === 0
    ? "An empty text can't be kept."
    : "A text with control characters can't be kept: no page can show them."
}

/** Lets a whole number pass that is within bounds. */
export function mustBeWithin(
  count: number,
  { field, smallest, largest }: { field: string; smallest: number; largest: number },
): void {
  if (Number.isSafeInteger(count) && count >= smallest && count <= largest) return
  throw new Refusal('field_invalid', {
    message: `${count} is too little or too much.`,
    field,
    expected: `a whole number from ${smallest} to ${largest}`,
  })
}

/** Lets one more pass where there are fewer than the limit. */
export function mustBeFewer(count: number, limit: number, what: string): void {
  if (count < limit) return
  throw new Refusal('too_many', {
    message: `There are ${count} ${what} already, and no more than ${limit} are possible.`,
  })
}
