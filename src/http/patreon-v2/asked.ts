/** Documents and parameters that clients send, and what is said of those that can't be used. */
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

/** Reads a part of a document by the rules of our own API; what those refuse is told of this part. */
export function partAt<Value>(field: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) throw wrong(field, error.detail.expected ?? error.message)
    throw error
  }
}

/** A parameter, or a part of a document, that can't be used. */
export const wrong = (field: string, expected: string): Refusal =>
  new Refusal('parameter_invalid', { message: `"${field}" can't be used as it is.`, field, expected })
