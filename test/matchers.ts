import { expect } from 'vitest'

expect.extend({
  toBeWithin(received: number, lowest: number, highest: number) {
    return {
      pass: received >= lowest && received <= highest,
      message: () => `expected ${received} to be between ${lowest} and ${highest}`,
    }
  },
})

declare module 'vitest' {
  interface Matchers {
    /** Both ends count. */
    toBeWithin(lowest: number, highest: number): void
  }
}
