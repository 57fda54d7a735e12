// The server as a process of its own, for tests that kill it. It says in one line each when it begins to open its
// store, and when it is ready. The process ends by itself once the server has stopped: whatever kept it would be a leak.
import { readConfig } from '#src/config.ts'
import { start } from '#src/main.ts'

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)

say({ says: 'starting' })
try {
  const server = await start(readConfig(process.env))
  process.once('SIGTERM', () => void server.stop())
  void server.broke.then((error) => {
    process.exitCode = 1
    process.stderr.write(`broken: ${error.message}\n`)
    void server.stop()
  })
  say({ says: 'ready', url: server.url, key: server.first?.key ?? null })
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
