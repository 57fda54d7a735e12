import { readFileSync } from 'node:fs'

/** Receivers that answer need far fewer sockets; more than this only lets silent ones hold more memory. */
export const socketsAtMost = 8_192

/** Of the files that a process may open, half: the rest is for the door, the store and name servers. */
const shareOfOpenFiles = 0.5

// What POSIX systems grant where nobody says otherwise.
const usualOpenFiles = 1_024

/** How many sockets to receivers a process may hold, given how many files it may open. */
export function socketBudget(openFilesAtMost: number = openFileLimit()): number {
  return Math.max(1, Math.min(socketsAtMost, Math.floor(openFilesAtMost * shareOfOpenFiles)))
}

function openFileLimit(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
    return soft === undefined ? usualOpenFiles : Number(soft)
  } catch {
    // Only Linux has the file; elsewhere we stay careful.
    return usualOpenFiles
  }
}
