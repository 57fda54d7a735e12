/** What a process holds in memory, as the kernel counts it, in MiB. */
import { readFileSync, writeFileSync } from 'node:fs'

/** The most that it ever held, or since `forgetPeak`. */
export const peakMemory = (pid: number): number => figureIn(pid, 'VmHWM')

/** What it holds now. */
export const residentMemory = (pid: number): number => figureIn(pid, 'VmRSS')

/** Its peak is what it holds now (proc(5), clear_refs). */
export const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5')

function figureIn(pid: number, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(line?.[1]) / 1024)
}
