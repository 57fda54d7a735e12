/**
 * The book that a server is judged by. It is kept outside the server's data folder by those who saw with their own
 * eyes: the client that got a 2xx, the receiver that got a request. What the server itself says is compared with it.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'

/** An event that somebody tried to publish. */
export type Attempted = { id: string; tenant: string; body: Buffer }

/** A request as one webhook's receiver saw it. */
export type Seen = { webhook: string; eventId: string; messageId: string; body: Buffer; isSigned: boolean }

/** What must be true at the end: each figure but the last two is zero. */
export type Findings = {
  /** Acknowledged to a client, and never accepted by a receiver that should have heard it. */
  lost: number
  /** Seen by a receiver, though nobody published it to that tenant. */
  unexpected: number
  /** Seen with other bytes than were published. */
  wrong: number
  /** Seen with another `webhook-id` than the first time. */
  renamed: number
  /** Seen with a signature that does not verify. */
  forged: number
  /** Seen again after it had been accepted. */
  repeated: number
  acked: number
}

type Pair = { messageId: string; acceptedTimes: number }

/** Append-only: nothing that was written down is ever taken back. */
export class Ledger {
  readonly #file: number
  readonly #hearers: ReadonlyMap<string, readonly string[]>
  readonly #attempted = new Map<string, { tenant: string; sha256: string }>()
  readonly #acked = new Set<string>()
  readonly #pairs = new Map<string, Pair>()
  readonly #missing = new Set<string>()
  readonly #counts = { unexpected: 0, wrong: 0, renamed: 0, forged: 0, repeated: 0 }
  #completed: (() => void)[] = []

  /** `hearers`: which webhooks hear each tenant. */
  constructor(path: string, hearers: ReadonlyMap<string, readonly string[]>) {
    this.#file = openSync(path, 'a')
    this.#hearers = hearers
  }

  attempt({ id, tenant, body }: Attempted): void {
    this.#attempted.set(id, { tenant, sha256: sha256(body) })
  }

  /** A 2xx for it reached the client. */
  ack(id: string): void {
    if (this.#acked.has(id)) return
    this.#write({ acked: id })
    this.#acked.add(id)
    const tenant = this.#attempted.get(id)?.tenant ?? ''
    for (const webhook of this.#hearers.get(tenant) ?? []) {
      if ((this.#pairs.get(pairOf(webhook, id))?.acceptedTimes ?? 0) === 0) this.#missing.add(pairOf(webhook, id))
    }
  }

  see({ webhook, eventId, messageId, body, isSigned }: Seen): void {
    const hash = sha256(body)
    this.#write({ seen: messageId, webhook, sha256: hash, isSigned })
    const attempted = this.#attempted.get(eventId)
    const isHearer = this.#hearers.get(attempted?.tenant ?? '')?.includes(webhook) === true
    if (attempted === undefined || !isHearer) this.#counts.unexpected += 1
    else if (attempted.sha256 !== hash) this.#counts.wrong += 1
    if (!isSigned) this.#counts.forged += 1

    const pair = this.#pairs.get(pairOf(webhook, eventId))
    if (pair === undefined) this.#pairs.set(pairOf(webhook, eventId), { messageId, acceptedTimes: 0 })
    else if (pair.messageId !== messageId) this.#counts.renamed += 1
  }

  /** The receiver answered 2xx, and its answer was sent to its end. */
  accept(webhook: string, eventId: string): void {
    const pair = this.#pairs.get(pairOf(webhook, eventId))
    if (pair === undefined) throw new Error('what was not seen cannot be accepted')
    pair.acceptedTimes += 1
    if (pair.acceptedTimes > 1) this.#counts.repeated += 1
    this.#missing.delete(pairOf(webhook, eventId))
    if (this.#missing.size === 0) for (const resolve of this.#completed.splice(0)) resolve()
  }

  /** Resolves when all that was acknowledged has been accepted, or when `signal` aborts. */
  async complete(signal: AbortSignal): Promise<void> {
    if (this.#missing.size === 0 || signal.aborted) return
    await new Promise<void>((resolve) => {
      this.#completed.push(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  ackedIds(): ReadonlySet<string> {
    return this.#acked
  }

  /** The deliveries, as `<webhook>/<event id>`, that there must be at least. */
  ackedPairs(): string[] {
    return [...this.#acked].flatMap((id) =>
      (this.#hearers.get(this.#attempted.get(id)?.tenant ?? '') ?? []).map((webhook) => pairOf(webhook, id)),
    )
  }

  findings(): Findings {
    return { lost: this.#missing.size, ...this.#counts, acked: this.#acked.size }
  }

  close(): void {
    closeSync(this.#file)
  }

  #write(line: Record<string, unknown>): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
  }
}

/** A delivery's name here. */
export const pairOf = (webhook: string, eventId: string): string => `${webhook}/${eventId}`

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
