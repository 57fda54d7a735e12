import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/matchers.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // The product is tested as it is shipped: `#src/…` is the compiled code, loaded by Node itself.
    server: { deps: { external: [/\/dist\//] } },
    reporters: ['default', './test/closing-line.ts'],
  },
})
