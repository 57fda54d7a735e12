// The benchmark's end of the line to its children: every part runs in a process of its own, so that its processor
// time can be told from the others'.
import { fork } from 'node:child_process'
import { once } from 'node:events'

/** A longer answer than this means that something hangs. */
const patience = 120_000

const running = new Set()

/** Starts a program that answers what it is asked (`answering.mjs`). */
export function startChild(file, args = []) {
  const child = fork(file, args, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const asked = new Map()
  let last = 0
  running.add(child)
  child.on('message', ({ id, output, fault }) => {
    const { resolve, reject } = asked.get(id) ?? {}
    asked.delete(id)
    if (fault === undefined) resolve?.(output)
    else reject?.(new Error(fault))
  })
  child.on('exit', (code, signal) => {
    running.delete(child)
    for (const { reject } of asked.values()) reject(new Error(`${file.pathname} ended (${signal ?? code})`))
  })

  const ask = (name, input) =>
    new Promise((resolve, reject) => {
      last += 1
      const id = last
      const timer = setTimeout(() => reject(new Error(`${file.pathname} does not answer "${name}"`)), patience)
      const settle = (end) => (value) => {
        clearTimeout(timer)
        end(value)
      }
      asked.set(id, { resolve: settle(resolve), reject: settle(reject) })
      child.send({ id, ask: name, input })
    })

  return { pid: child.pid, ask, stop: () => end(child) }
}

/** Ends every child that still runs. */
export async function stopAll() {
  await Promise.all([...running].map(end))
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
