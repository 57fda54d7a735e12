/** Documents that clients send, and what is said of those that can't be used. */
import type { z } from 'zod'
import { Refusal } from '../../domain/refusal.ts'

/** Reads a document that must have a shape; the refusal names its first part that has another. */
export function documentIn<Shape extends z.ZodType>(body: unknown, shape: Shape): z.output<Shape> {
  const { success, data, error } = shape.safeParse(body)
  if (success) return data
  const [first] = error.issues
  const field = first?.path.join('.') ?? ''
  throw wrong(field === '' ? 'data' : field, first?.message ?? 'a JSON:API document')
}

/** A part of a document that can't be used. */
export const wrong = (field: string, expected: string): Refusal =>
  new Refusal('parameter_invalid', { message: `"${field}" can't be used as it is.`, field, expected })
