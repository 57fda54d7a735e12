import { defineConfig } from 'vitest/config'
import tests from './vitest.config.ts'

/** What only `npm run faults` does: it needs root, and minutes. One file at a time, because some take the time. */
export default defineConfig({
  ...tests,
  test: { ...tests.test, include: ['test/faults/**/*.faults.ts'], fileParallelism: false },
})
