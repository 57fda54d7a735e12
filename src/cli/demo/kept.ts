import { join } from 'node:path'
import { z } from 'zod'
import { readIfThere, replacePrivate } from '../../data-folder.ts'
import { Trouble } from '../hand.ts'

const keptShape = z.object({
  creatorId: z.string().optional(),
  patronId: z.string().optional(),
  campaignId: z.string().optional(),
  webhookId: z.string().optional(),
  /** The API shows a client's secret once; the receiver needs it at every start. */
  client: z.object({ id: z.string(), clientId: z.string(), clientSecret: z.string() }).optional(),
  /** Whoever revokes the demo's API key wants it gone: it is made once. */
  isKeyMade: z.boolean().optional(),
})

/** What the demo made, so that the next start finds it. */
export type Kept = z.output<typeof keptShape>

/** What the demo made in this data folder. */
export class KeptFile {
  readonly #path: string
  #kept: Kept

  constructor(dataFolder: string) {
    this.#path = join(dataFolder, 'demo.json')
    this.#kept = read(this.#path)
  }

  get now(): Kept {
    return this.#kept
  }

  /** Remembers more; on disk when it returns, so that dying next to it makes nothing twice. */
  add(more: Kept): void {
    this.#kept = { ...this.#kept, ...more }
    replacePrivate(this.#path, JSON.stringify(this.#kept, null, 2))
  }

  /** Begins again: what was kept speaks of another store. */
  forget(): void {
    this.#kept = {}
  }
}

function read(path: string): Kept {
  const text = readIfThere(path)
  try {
    return text === null ? {} : keptShape.parse(JSON.parse(text))
  } catch {
    throw new Trouble(`${path} can't be understood. Delete it, and the demo begins again.`)
  }
}
