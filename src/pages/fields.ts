/** A field of a form or a query as text; empty when it is missing or was sent more than once. */
export function fieldIn(source: unknown, name: string): string {
  if (typeof source !== 'object' || source === null) return ''
  const value: unknown = Reflect.get(source, name)
  return typeof value === 'string' ? value : ''
}
