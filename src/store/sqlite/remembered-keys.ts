import type { Records } from '../records.ts'

type Find = Records['keys']['findByHash']
type Found = NonNullable<Awaited<ReturnType<Find>>>

/** More keys than are in use at a time; beyond it, memory begins anew. */
const rememberedLimit = 10_000

/**
 * Remembers keys that were found until the next command: the door asks for the same one thousands of times a second,
 * and only a command can revoke it.
 */
export class RememberedKeys {
  readonly #find: Find
  readonly #found = new Map<string, Found>()
  #commands = 0

  constructor(find: Find) {
    this.#find = find
  }

  forget(): void {
    this.#found.clear()
    this.#commands += 1
  }

  async findByHash(hash: string): Promise<Found | null> {
    const remembered = this.#found.get(hash)
    if (remembered !== undefined) return remembered
    const commands = this.#commands
    const found = await this.#find(hash)
    if (found !== null && commands === this.#commands) {
      if (this.#found.size >= rememberedLimit) this.#found.clear()
      this.#found.set(hash, found)
    }
    return found
  }
}
