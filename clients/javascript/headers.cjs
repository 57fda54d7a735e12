'use strict'

const { WebhookVerificationError } = require('./errors.cjs')

/** The one value of a header, or null when it is not there; more than one is refused as `<part>_malformed`. */
function readHeader(headers, name, part) {
  const values = pairsOf(headers)
    .filter(([key]) => String(key).toLowerCase() === name)
    .flatMap(([, value]) => value ?? [])
  if (values.length === 0) return null

  const [value] = values
  // Proxies differ in which of two values they pass on, so a second one is never looked past.
  if (values.length > 1 || typeof value !== 'string') {
    throw new WebhookVerificationError(`${part}_malformed`, `The ${name} header must be there once, as text.`)
  }
  return value
}

function pairsOf(headers) {
  if (typeof headers !== 'object' || headers === null) {
    throw new TypeError('headers must be an object such as request.headers, a Headers, or pairs of name and value.')
  }
  return Symbol.iterator in headers ? [...headers] : Object.entries(headers)
}

module.exports = { readHeader }
