/**
 * The journal on SQLite: its rows are the events' rows, so an event is visible as soon as it is durable.
 *
 * What this process accepted is handed on from memory; only after a start, or when fan-out fell far behind, are
 * events read back from the file.
 */
import { type Accepted, bytesOf, type Event, type NewEvent, type Sequence } from '../domain/event.ts'
import type { CommitNews, Mailbox } from '../store/sqlite/mailbox.ts'
import type { SqliteStore } from '../store/sqlite/store.ts'
import type { Journal } from './journal.ts'

/** What is kept in memory for fan-out; beyond it, events are read back from the file when their turn comes. */
const tailLimitBytes = 64 * 1024 * 1024

/** What a journal needs of the store whose file it lives in. */
type Host = {
  mailbox: Pick<Mailbox, 'append' | 'moveMark'> & { opened: Pick<Mailbox['opened'], 'lastSequence' | 'mark'> }
  reader: Pick<SqliteStore['reader'], 'listBetween'>
  listeners: Pick<SqliteStore['listeners'], 'version'>
  onCommit(listen: (news: Pick<CommitNews, 'appended'>) => void): void
}

/** The journal that lives in a store's file. */
export function sqliteJournal(store: Host): Journal & { lastSequence(): Sequence } {
  const tail = new Tail(store.mailbox.opened.lastSequence)
  store.onCommit((news) => tail.add(news.appended))

  return {
    async append(events) {
      const { sequences, fates } = await store.mailbox.append(events)
      return events.map((event, index) => accepted(event, sequences[index] ?? 0, fates[index] ?? 0))
    },

    mark: async () => store.mailbox.opened.mark,

    async read(after, limit, signal) {
      while (tail.lastSequence <= after) {
        if (signal.aborted) return null
        await tail.grows(signal)
      }
      const inMemory = tail.from(after, limit)
      const events = inMemory ?? store.reader.listBetween(after, tail.firstSequence, limit)
      const mayBeKnown = after < store.mailbox.opened.lastSequence
      return { events, mayBeKnown, listenersVersion: store.listeners.version() }
    },

    lastSequence: () => tail.lastSequence,

    moveMark: (to) => store.mailbox.moveMark(to),
  }
}

function accepted({ id }: NewEvent, sequence: Sequence, fate: number): Accepted {
  if (fate === 2) return { kind: 'taken', id }
  return { kind: fate === 1 ? 'repeated' : 'accepted', id, sequence }
}

/** The newest events, one after another without a gap, up to the last that is on disk. */
class Tail {
  lastSequence: Sequence
  #events: Event[] = []
  #bytes = 0
  #wake: (() => void) | null = null

  constructor(lastSequence: Sequence) {
    this.lastSequence = lastSequence
  }

  /** The first that is in memory, or would be the next. */
  get firstSequence(): Sequence {
    return this.#events[0]?.sequence ?? this.lastSequence + 1
  }

  add(events: CommitNews['appended']): void {
    const last = events.at(-1)
    if (last === undefined) return
    for (const event of events) {
      this.#events.push(event)
      this.#bytes += bytesOf(event)
    }
    this.lastSequence = last.sequence
    if (this.#bytes > tailLimitBytes) this.#empty()
    this.#wake?.()
  }

  /** Null when they are not in memory. Whoever reads goes forward, so what was read is dropped. */
  from(after: Sequence, limit: number): Event[] | null {
    const first = this.#events[0]
    if (first === undefined || first.sequence > after + 1) return null
    const start = after + 1 - first.sequence
    const events = this.#events.slice(start, start + limit)
    this.#events.splice(0, start + events.length)
    this.#bytes = this.#events.length === 0 ? 0 : this.#bytes - events.reduce((sum, event) => sum + bytesOf(event), 0)
    return events
  }

  /** Resolves when there is something new, or when `signal` aborts. */
  grows(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done)
        this.#wake = null
        resolve()
      }
      this.#wake = done
      signal.addEventListener('abort', done, { once: true })
    })
  }

  #empty(): void {
    this.#events = []
    this.#bytes = 0
  }
}
