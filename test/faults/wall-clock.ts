/** A clock on the wall that only one process sees, by Debian's `libfaketime`; how long things last stays as it is. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duration, seconds } from '#src/domain/time.ts'

/** Where it stands when a process begins to look at it. */
export class WallClock {
  readonly #folder = mkdtempSync(join(tmpdir(), 'clock-'))
  readonly #file = join(this.#folder, 'offset')
  /** What the process is told, so that it looks there. */
  readonly environment = {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the loader puts the machine's own folder there.
    LD_PRELOAD: '/usr/$LIB/faketime/libfaketimeMT.so.1',
    FAKETIME_TIMESTAMP_FILE: this.#file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  }

  constructor(ahead: Duration) {
    this.stand(ahead)
  }

  /** From now on it is so far ahead of the machine's. */
  stand(ahead: Duration): void {
    const offset = ahead / seconds(1)
    // Whole at any moment, as the process looks whenever it likes.
    writeFileSync(`${this.#file}.new`, `${offset < 0 ? '' : '+'}${offset}\n`)
    renameSync(`${this.#file}.new`, this.#file)
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true })
  }
}
