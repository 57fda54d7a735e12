import fc from 'fast-check'
import { expect, test } from 'vitest'
import { headersIn, headerText } from '#src/store/header-text.ts'

const usual: [string, string][] = [
  ['Date', 'Wed, 25 Nov 2026 11:41:48 GMT'],
  ['content-type', 'application/json; charset=utf-8'],
  ['ETag', 'W/"2:a"'],
  ['X-Own', ''],
  ['x-own', '\ttwice'],
]

test('headers come back as they were, in their order and case', () => {
  expect(headersIn(headerText(usual))).toEqual(usual)
})

test('what nearly every answer says is a few characters and its values', () => {
  const text = headerText([
    ['Content-Type', 'text/plain'],
    ['Content-Length', '2'],
  ])
  expect(text).toHaveLength('text/plain'.length + '2'.length + 3)
})

test('headers as they were written before are read', () => {
  expect(headersIn(JSON.stringify(usual))).toEqual(usual)
})

test('whatever headers there are, they come back', () => {
  const odd = ['', '[', ':', '\n', 'a:b', '[x', 'x\ny', '\u0001', '\t', '\r', '\u000b', 'via', '\u001b']
  const any = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...odd))
  const piece = fc.oneof(fc.constantFrom('Date', 'date', 'x-own'), any)
  fc.assert(
    fc.property(fc.array(fc.tuple(piece, piece), { minLength: 1 }), (headers) => {
      expect(headersIn(headerText(headers))).toEqual(headers)
    }),
    { numRuns: 200 },
  )
})
