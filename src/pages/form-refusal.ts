/** What was wrong with a form that somebody sent, and where on it that is said. */
import { Refusal } from '../domain/refusal.ts'
import { type Html, html } from './html.ts'

/** What a step is refused with, if it is the person's own mistake. */
export async function refusalFrom(step: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await step()
    return null
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) return error
    throw error
  }
}

/** What was wrong, if it was wrong with this field. */
export const refusalAt = (refusal: Refusal | null, field: string): Html | null =>
  refusal?.detail.field === field ? refusalLine(refusal) : null

/** What was wrong, if it was wrong with none of the fields that say so themselves. */
export const refusalElsewhere = (refusal: Refusal | null, fields: readonly string[]): Html | null =>
  refusal === null || fields.includes(refusal.detail.field ?? '') ? null : refusalLine(refusal)

/** A refusal as a line of text. */
export const refusalLine = (refusal: Refusal): Html => html`<p class="refusal" role="alert">${refusal.message}</p>`
