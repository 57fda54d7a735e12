import type { Socket } from 'node:net'
import { Failed } from './failure.ts'

/** More lines of headers, or of trailers, than any honest answer has. */
const headLinesAtMost = 256

/** What the parser is given at once; the lines in it are the most that can come before they are counted. */
const sliceBytes = 2 * 1024

const nothing = Buffer.alloc(0)
const lineFeed = 0x0a

/**
 * Counts lines that lead nowhere.
 *
 * undici bounds the bytes of headers but not their number, and makes two
 * objects of each before anyone is asked: sixteen KiB of `a:b` take two
 * megabytes, and every header after the sixteenth KiB costs an error with its
 * stack. So it reads through this meter, in slices, and when slice after slice
 * holds nothing but lines, the socket is closed. Lines are counted only when a
 * slice brought nothing to hear of, so that ordinary answers pay nothing.
 */
export class Meter {
  readonly #socket: Socket
  readonly #read: () => Buffer | null
  #unread: Buffer = nothing
  #unheard: Buffer = nothing
  #lines = 0

  constructor(socket: Socket) {
    this.#socket = socket
    this.#read = socket.read.bind(socket)
    socket.read = () => this.#next()
  }

  /** What was read so far became something: an answer's head, a part of its body, or its end. */
  heard(): void {
    this.#lines = 0
    this.#unheard = nothing
  }

  #next(): Buffer | null {
    this.#lines += linesIn(this.#unheard)
    this.#unheard = nothing
    if (this.#lines > headLinesAtMost) {
      this.#socket.destroy(new Failed({ kind: 'garbled', code: 'TOO_MANY_HEADERS' }))
    }
    if (this.#socket.destroyed) return null

    const chunk = this.#unread.length > 0 ? this.#unread : this.#read()
    if (chunk === null) return null
    this.#unread = chunk.length > sliceBytes ? chunk.subarray(sliceBytes) : nothing
    this.#unheard = chunk.length > sliceBytes ? chunk.subarray(0, sliceBytes) : chunk
    return this.#unheard
  }
}

function linesIn(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(lineFeed); at !== -1; at = bytes.indexOf(lineFeed, at + 1)) lines += 1
  return lines
}
