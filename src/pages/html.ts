/**
 * Markup in which everything that was not written in this program is escaped.
 *
 * A value put into `html` is text until it is `Html` itself, and only `html` makes `Html`. Attributes must be
 * written in double quotes, and nothing may be put into a script or a style: there are none.
 */
class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Something that is safe to send as it is. */
export type Html = Markup

/** What may stand in a template; null and false are nothing. */
export type Part = Html | string | number | null | false | readonly Part[]

/** A template of markup. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Markup(texts.reduce((before, text, index) => before + written(parts[index - 1] ?? null) + text))

function written(part: Part): string {
  if (part === null || part === false) return ''
  if (part instanceof Markup) return part.text
  if (typeof part === 'object') return part.map(written).join('')
  return String(part).replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
