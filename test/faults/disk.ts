/** A file system of its own in a file, whose power can be cut: what was not synced is gone. Needs root on Linux. */
import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** The two that servers run on most. */
export type FileSystem = 'ext4' | 'xfs'

/** Room for a run of many cycles; a file with holes, so only what is written takes space. */
const sizeBytes = 2 * 1024 ** 3

/** A process that was killed this moment may hold its files a little longer. */
const releaseTries = 200
const releasePauseMs = 25

export class Disk {
  readonly #folder = mkdtempSync(join(tmpdir(), 'disk-'))
  readonly #image = join(this.#folder, 'image')
  /** Where it is mounted. */
  readonly place = join(this.#folder, 'mounted')

  constructor(kind: FileSystem) {
    mkdirSync(this.place)
    const file = openSync(this.#image, 'w')
    ftruncateSync(file, sizeBytes)
    closeSync(file)
    execFileSync(`mkfs.${kind}`, ['-q', this.#image])
    this.#mount()
  }

  /** Brings what was written so far onto the disk, whoever wrote it. */
  sync(): void {
    execFileSync('sync', ['-f', this.place])
  }

  /** As when the plug is pulled: nothing reaches the disk any more, not even the file system's own journal. */
  cut(): void {
    execFileSync('xfs_io', ['-x', '-c', 'shutdown', this.place])
  }

  /** The machine starts again, on what had reached the disk. Nobody may have a file open on it. */
  async recover(): Promise<void> {
    await this.#release()
    this.#mount()
  }

  async remove(): Promise<void> {
    await this.#release()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #mount(): void {
    execFileSync('mount', ['-o', 'loop', this.#image, this.place])
  }

  async #release(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return void execFileSync('umount', [this.place], { stdio: 'pipe' })
      } catch (error) {
        if (tries === releaseTries) throw error
        await setTimeout(releasePauseMs)
      }
    }
  }
}
