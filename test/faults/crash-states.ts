/**
 * What a power cut may leave of some files, from a record of what a process asked of them.
 *
 * What was written before a sync that ended is on disk. Of what came later anything may be: there or not or in parts,
 * in any order, as no disk promises one. A file that was made is sure to have its name once its folder is synced.
 */
import { dirname } from 'node:path'
import type { Dice } from '../simulation/dice.ts'
import { type Call, callIn, pathOf, quoted } from './strace.ts'

/** What was asked of a file, in the order in which it was asked. */
type Step =
  | { kind: 'made'; path: string }
  | { kind: 'written'; path: string; at: number; bytes: Buffer }
  | { kind: 'resized'; path: string; length: number }
  /** All that was asked of this file or folder before step `from` is on disk. */
  | { kind: 'synced'; path: string; from: number }
  /** A client may know from now on that these events were accepted. */
  | { kind: 'told'; ids: string[] }

/** A record, read: at each of its steps the power may go. */
export type History = readonly Step[]

/** What is found after a cut: the files' contents, and the events that somebody was told are accepted. */
export type Found = { files: Map<string, Buffer>; told: Set<string> }

/** The calls that a record must have. */
export const recordedCalls = ['openat', 'pwrite64', 'ftruncate', 'fsync', 'fdatasync', 'unlink', 'rename', 'writev']

/** Reads a record of what happened to these files and their folder. */
export function historyOf(lines: Iterable<string>, files: ReadonlySet<string>): History {
  const history: Step[] = []
  const places = new Set([...files, ...[...files].map((file) => dirname(file))])
  const syncing = new Map<string, { path: string; from: number }>()
  for (const line of lines) {
    const call = callIn(line)
    if (call === null) continue
    if (call.name === 'fsync' || call.name === 'fdatasync') {
      if (call.began) syncing.set(call.thread, { path: pathOf(call.given), from: history.length })
      const sync = call.ended ? syncing.get(call.thread) : undefined
      if (sync !== undefined && places.has(sync.path)) history.push({ kind: 'synced', ...sync })
    } else if (call.began) {
      const step = stepOf(call, files)
      if (step !== null) history.push(step)
    }
  }
  return history
}

function stepOf({ name, given }: Call, files: ReadonlySet<string>): Step | null {
  if (name === 'writev') return toldIn(quoted(given).toString('latin1'))
  const opened = name === 'pwrite64' || name === 'ftruncate'
  const path = opened ? pathOf(given) : quoted(given.replace(/^\w+<[^>]*>/, '')).toString()
  if (!files.has(path)) return null
  const last = Number(given.split(', ').at(-1))
  if (name === 'pwrite64') return { kind: 'written', path, at: last, bytes: quoted(given) }
  if (name === 'ftruncate') return { kind: 'resized', path, length: last }
  if (name === 'openat') return given.includes('O_CREAT') ? { kind: 'made', path } : null
  throw new Error(`nothing is known here of ${name}, which happened to ${path}`)
}

/** An answer names the events that it accepts. */
function toldIn(answer: string): Step | null {
  if (!answer.startsWith('HTTP/1.1 202')) return null
  return { kind: 'told', ids: [...answer.matchAll(/"id":"(\w+)"/g)].map(([, id = '']) => id) }
}

/** One of the many states that a cut before step `at` may leave of `base`. A disk that `lies` says that it syncs, and does not. */
export function cutAt(
  history: History,
  at: number,
  { base, dice, lies }: { base: ReadonlyMap<string, Buffer>; dice: Dice; lies: boolean },
): Found {
  const past = history.slice(0, at)
  const files = new Map(base)
  const told = new Set<string>()
  const safe = lies ? new Map<string, number>() : safeIn(past)
  // From nothing to all, so that both ends are tried as often as what lies between.
  const share = dice.fraction() * 1.6 - 0.3
  for (const [index, step] of past.entries()) {
    if (step.kind === 'told') for (const id of step.ids) told.add(id)
    else if (step.kind === 'made') make(step.path, index)
    else if (step.kind !== 'synced') change(step, index < (safe.get(step.path) ?? 0))
  }
  return { files, told }

  function make(path: string, index: number): void {
    const isSafe = index < (safe.get(dirname(path)) ?? 0) || dice.chance(share)
    if (isSafe && !files.has(path)) files.set(path, Buffer.alloc(0))
  }

  function change(step: Extract<Step, { kind: 'written' | 'resized' }>, isSafe: boolean): void {
    const old = files.get(step.path)
    if (old === undefined || !(isSafe || dice.chance(share))) return
    if (step.kind === 'resized') files.set(step.path, lengthened(old, step.length).subarray(0, step.length))
    else files.set(step.path, written(old, step, isSafe || dice.chance(0.8) ? null : dice))
  }
}

/** Up to which step each file and folder is on disk. */
function safeIn(past: History): Map<string, number> {
  const safe = new Map<string, number>()
  for (const step of past) {
    if (step.kind === 'synced') safe.set(step.path, Math.max(safe.get(step.path) ?? 0, step.from))
  }
  return safe
}

/** The smallest unit that disks write, and the one of most. */
const sectors = [512, 4096]

/** The write on a file; with dice, only some of its sectors. */
function written(old: Buffer, { at, bytes }: { at: number; bytes: Buffer }, dice: Dice | null): Buffer {
  const file = lengthened(old, at + bytes.length)
  const sector = dice === null ? bytes.length : dice.pick(sectors)
  for (let place = at; place < at + bytes.length; ) {
    const next = Math.min(at + bytes.length, (Math.floor(place / sector) + 1) * sector)
    if (dice === null || dice.chance(0.5)) bytes.copy(file, place, place - at, next - at)
    place = next
  }
  return file
}

/** What was never written between the old end and the new one is zeros. */
const lengthened = (file: Buffer, length: number): Buffer =>
  length <= file.length ? file : Buffer.concat([file, Buffer.alloc(length - file.length)])
