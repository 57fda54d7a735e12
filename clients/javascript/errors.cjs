'use strict'

/** The codes that the client itself gives a KittnError; the server's own codes come beside them. */
const kittnCodes = Object.freeze([
  'id_malformed',
  'connection_failed',
  'timed_out',
  'redirect_refused',
  'answer_too_large',
  'answer_not_understood',
])

/** Every code that a WebhookVerificationError can carry; the same list in every language. */
const verificationCodes = Object.freeze([
  'key_malformed',
  'body_not_bytes',
  'signature_missing',
  'signature_malformed',
  'signature_wrong',
  'id_missing',
  'id_malformed',
  'timestamp_missing',
  'timestamp_malformed',
  'timestamp_outside_tolerance',
  'trigger_missing',
  'trigger_malformed',
  'trigger_mismatch',
  'already_seen',
  'body_not_json',
])

/** A request that the server refused, or that never got an answer worth the name. */
class KittnError extends Error {
  constructor(code, message, { status = null, field = null, expected = null, cause } = {}) {
    super(message, { cause })
    this.name = 'KittnError'
    Object.assign(this, { status, code, field, expected })
  }
}

/** A received request that is not to be believed. */
class WebhookVerificationError extends Error {
  constructor(code, message) {
    super(message)
    this.name = 'WebhookVerificationError'
    this.code = code
  }
}

module.exports = { KittnError, kittnCodes, verificationCodes, WebhookVerificationError }
