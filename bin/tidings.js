#!/usr/bin/env node
import { runCommandLine } from '../dist/cli/cli.js'

await runCommandLine(process.argv, process.env)
