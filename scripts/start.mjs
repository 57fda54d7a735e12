// `npm start`: installs and compiles what is missing, then runs `tidings dev` in this same process, so that signals
// and the exit code need no passing on.
import './node-version.mjs'
import { build } from './build.mjs'
import { install } from './install.mjs'
import { stopWithNpm } from './stop-with-npm.mjs'

install()
build()
stopWithNpm()
const { runCommandLine } = await import('../dist/cli/cli.js')
await runCommandLine([process.argv[0], 'tidings', 'dev', ...process.argv.slice(2)], process.env)
