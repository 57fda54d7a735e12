import { Refusal } from '../domain/refusal.ts'

/** Which methods each path takes, so that a wrong method is told apart from a wrong path (RFC 9110 §15.5.6). */
export class KnownPaths {
  readonly #methods = new Map<string, { pattern: RegExp; methods: Set<string> }>()

  add(method: string | string[], path: string): void {
    const known = this.#methods.get(path) ?? { pattern: patternOf(path), methods: new Set() }
    for (const one of [method].flat()) known.methods.add(one)
    this.#methods.set(path, known)
  }

  /** The refusal for a request that no route takes; `allow` is called with the methods that the path does take. */
  refusalFor(method: string, path: string, allow: (methods: string) => void): Refusal {
    const bare = path.length > 1 ? path.replace(/\/$/, '') : path
    const taken = [...this.#methods.values()]
      .filter(({ pattern }) => pattern.test(bare))
      .flatMap(({ methods }) => [...methods])
    if (taken.length === 0) {
      return new Refusal('page_not_found', { message: `There is nothing at ${JSON.stringify(bare.slice(0, 200))}.` })
    }
    const methods = [...new Set(taken)].sort().join(', ')
    allow(methods)
    return new Refusal('method_not_allowed', {
      message: `${method} can't be used at ${JSON.stringify(bare.slice(0, 200))}.`,
      expected: methods,
    })
  }
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/:[A-Za-z_]+/g, '[^/]+')}$`)
