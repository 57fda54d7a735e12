// `kill <pid of npm start>` reaches npm and the shell it started, and no further: the server would run on without them,
// holding its port and its data. So whoever was started by npm stops when that shell is gone.
const exitCodes = { SIGINT: 130, SIGTERM: 143 }

/** Asks this process to stop when npm has ended, unless it was asked already. */
export function stopWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return
  const shell = process.ppid

  const watch = setInterval(() => {
    if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM')
  }, 250).unref()

  for (const [signal, exitCode] of Object.entries(exitCodes)) {
    process.once(signal, () => {
      clearInterval(watch)
      // Listening takes the signal's own effect away; the server brings its listener a moment after this one.
      if (process.listenerCount(signal) === 0) process.exit(exitCode)
    })
  }
}
