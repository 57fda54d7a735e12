// What a process has taken of the processor and of memory, from /proc: its threads are in it, its children are not.
import { readdirSync, readFileSync } from 'node:fs'

/** `getconf CLK_TCK` is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Seconds of processor time, user and system; of each `tree` with all its descendants, those that ended included. */
export function processorSeconds({ pid, trees = [] }) {
  let ticks = pid === undefined ? 0 : ticksOf(pid).own
  for (const root of trees) {
    const { own, ended } = ticksOf(root)
    ticks += own + ended
    for (const child of childrenOf(root)) ticks += ticksOf(child).own
  }
  return ticks / ticksPerSecond
}

/** The most memory that a process ever had resident, in MiB. */
export function peakMemory(pid) {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
}

/** The memory that a process has resident now, in MiB. */
export function residentMemory(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
}

// proc(5): utime, stime, cutime and cstime are the 14th to 17th field; the second may hold spaces.
function ticksOf(pid) {
  const stat = read(`/proc/${pid}/stat`)
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15)
    .map(Number)
  return { own: user + system, ended: endedUser + endedSystem }
}

function childrenOf(pid) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const stat = read(`/proc/${name}/stat`)
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid
    })
}

function read(file) {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    // It ended in the meantime, and is counted among its parent's ended children.
    return ''
  }
}
