import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { destinationAfterLogIn } from '#src/pages/destination.ts'

describe('after log-in', () => {
  test.each([
    '/',
    '/c/cleo?tier=3001',
    '/oauth2/authorize?response_type=code&redirect_uri=https%3A%2F%2Fapp.test%2Fback',
    '/oauth2/authorize?redirect_uri=https://app.test/back#x',
  ])('people go on to %s', (next) => {
    expect(destinationAfterLogIn(next)).toBe(next)
  })

  test.each([
    '',
    'c/cleo',
    'https://evil.test/',
    '//evil.test',
    '///evil.test',
    '/\\evil.test',
    '\\\\evil.test',
    '/\t/evil.test',
    '/\n/evil.test',
    ' //evil.test',
    '/.//evil.test',
    '/a/..//evil.test',
    '/%2e//evil.test',
    'javascript:alert(1)',
    `/${'a'.repeat(5000)}`,
  ])('nobody is sent to %j', (next) => {
    expect(destinationAfterLogIn(next)).toBe('/')
  })

  test('nobody ever leaves this server, whatever the address says', () => {
    const pieces = fc.constantFrom('/', '\\', '.', '..', '%2e', '%2f', '@', ':', '?', '#', '\t', 'evil.test', 'https:')
    const addresses = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((found) => found.join('')),
    )
    fc.assert(
      fc.property(addresses, (next) => {
        const path = destinationAfterLogIn(next)

        expect(new URL(path, 'https://tidings.test').origin).toBe('https://tidings.test')
        // A header takes nothing but this.
        expect(path).toMatch(/^[\x21-\x7e]+$/)
      }),
      { numRuns: 2000 },
    )
  })
})
