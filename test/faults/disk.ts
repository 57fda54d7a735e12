/** Disks of our own, whose power can be cut and which can run full. They need root on Linux. */
import { execFileSync, spawnSync } from 'node:child_process'
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

/** A file system in a file: what was not synced when its power is cut is gone. */
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
    await release(this.place)
    this.#mount()
  }

  /** The same, after its errors were looked for. */
  async repair(): Promise<void> {
    await release(this.place)
    // It says by its exit code that it repaired something.
    spawnSync('fsck', ['-y', this.#image], { stdio: 'ignore' })
    this.#mount()
  }

  async remove(): Promise<void> {
    await release(this.place)
    rmSync(this.#folder, { recursive: true, force: true })
  }

  #mount(): void {
    execFileSync('mount', ['-o', 'loop', this.#image, this.place])
  }
}

/** A file system in memory that holds so many megabytes, until it is given more. */
export class SmallDisk {
  readonly place = mkdtempSync(join(tmpdir(), 'small-'))

  constructor(megabytes: number) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', this.place])
  }

  grow(megabytes: number): void {
    execFileSync('mount', ['-o', `remount,size=${megabytes}m`, this.place])
  }

  async remove(): Promise<void> {
    await release(this.place)
    rmSync(this.place, { recursive: true, force: true })
  }
}

async function release(place: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return void execFileSync('umount', [place], { stdio: 'pipe' })
    } catch (error) {
      if (tries === releaseTries) throw error
      await setTimeout(releasePauseMs)
    }
  }
}
