'use strict'

// Two signatures may stand on a request. Patreon's covers the body alone, with MD5; the one of Standard Webhooks
// covers the id (which ends in the trigger), the time and the body, with SHA-256. Whoever has the `whsec_` key is never
// content with the weaker one: otherwise a forger would just leave the stronger one out.

const { createHmac, timingSafeEqual } = require('node:crypto')
const { WebhookVerificationError } = require('./errors.cjs')
const { readHeader } = require('./headers.cjs')
const { checkedOptions } = require('./options.cjs')

const trigger = '[a-z0-9_]+(?:[:.][a-z0-9_]+)*'
const triggerLimit = 128
const triggerForm = new RegExp(`^${trigger}$`)
const idForm = new RegExp(`^([A-Za-z0-9_-]{1,64})~(${trigger})$`)
const patreonForm = /^[0-9a-f]{32}$/
const timestampForm = /^(?:0|[1-9][0-9]{0,9})$/
const anySignatureForm = /^[A-Za-z0-9]+,[\x21-\x7e]+$/
const signatureForm = /^v1,[A-Za-z0-9+/]{43}=$/

// More signatures than any rotation needs, and little enough to read for nothing.
const signaturesLimitCharacters = 4096

/** Checks that a received request was signed with your key, and gives what it says. */
function verify(body, headers, options) {
  const { secret, key, now, tolerance, seen } = checkedOptions(options)
  const bytes = bytesOf(body)

  const signed = key === null ? null : checkStandard(bytes, headers, { key, now, tolerance })
  if (secret !== undefined) checkPatreon(bytes, headers, secret)
  const named = namedTrigger(headers, signed)

  if (seen !== undefined) refuseSeen(seen, signed.id)
  return Object.freeze({
    id: signed?.id ?? null,
    trigger: named,
    timestamp: signed?.timestamp ?? null,
    get data() {
      return parsed(bytes)
    },
  })
}

function bytesOf(body) {
  if (typeof body === 'string') return Buffer.from(body, 'utf8')
  if (body instanceof Uint8Array) return Buffer.from(body)
  throw new WebhookVerificationError(
    'body_not_bytes',
    'The body must be the bytes as they arrived. A parsed object will not do: printing it as JSON again gives other bytes (spaces, escapes, the order of keys), and the signature is over the first ones. Read the raw body, with express.raw() for one.',
  )
}

function checkStandard(bytes, headers, { key, now, tolerance }) {
  const signatures = readHeader(headers, 'webhook-signature', 'signature')
  if (signatures === null) {
    throw new WebhookVerificationError(
      'signature_missing',
      'There is no webhook-signature header. With a whsec key X-Patreon-Signature alone is not enough.',
    )
  }
  const { id, text } = signedId(headers)
  const timestamp = signedTimestamp(headers)
  const candidates = candidatesIn(signatures)

  const expected = `v1,${createHmac('sha256', key).update(`${text}.${timestamp}.`).update(bytes).digest('base64')}`
  if (!candidates.map((candidate) => isSame(candidate, expected)).includes(true)) {
    throw new WebhookVerificationError(
      'signature_wrong',
      'No v1 signature in webhook-signature fits. Check that the whsec key is this webhook’s, and that the body is what arrived, byte for byte.',
    )
  }
  // Looked at last, because the time on a forged request says nothing.
  if (!(Math.abs(now - timestamp) <= tolerance)) {
    throw new WebhookVerificationError(
      'timestamp_outside_tolerance',
      `It was signed ${Math.abs(now - timestamp)} s away from the present, and ${tolerance} s are tolerated. It is a replay, or a clock is wrong.`,
    )
  }
  return { id, trigger: text.slice(id.length + 1), timestamp }
}

function signedId(headers) {
  const text = readHeader(headers, 'webhook-id', 'id')
  if (text === null) throw new WebhookVerificationError('id_missing', 'There is no webhook-id header.')

  const match = idForm.exec(text)
  if (match === null || match[2].length > triggerLimit) {
    throw new WebhookVerificationError(
      'id_malformed',
      'webhook-id must be the event’s id, a tilde and the trigger, such as evt_1~pledges:create.',
    )
  }
  return { id: match[1], text }
}

function signedTimestamp(headers) {
  const text = readHeader(headers, 'webhook-timestamp', 'timestamp')
  if (text === null) {
    throw new WebhookVerificationError('timestamp_missing', 'There is no webhook-timestamp header.')
  }
  if (!timestampForm.test(text)) {
    throw new WebhookVerificationError(
      'timestamp_malformed',
      'webhook-timestamp must be whole Unix seconds, such as 1700000000, not milliseconds.',
    )
  }
  return Number(text)
}

function candidatesIn(signatures) {
  const parts = signatures.split(' ')
  const candidates = parts.filter((part) => part.startsWith('v1,'))
  const isReadable =
    signatures.length <= signaturesLimitCharacters &&
    parts.every((part) => anySignatureForm.test(part)) &&
    candidates.every((candidate) => signatureForm.test(candidate))

  if (!isReadable) {
    throw new WebhookVerificationError(
      'signature_malformed',
      'webhook-signature must be a list of signatures with one space between them, each v1, a comma and 44 characters of base64.',
    )
  }
  if (candidates.length === 0) {
    throw new WebhookVerificationError('signature_missing', 'There is no v1 signature in webhook-signature.')
  }
  return candidates
}

function checkPatreon(bytes, headers, secret) {
  const signature = readHeader(headers, 'x-patreon-signature', 'signature')
  if (signature === null) {
    throw new WebhookVerificationError('signature_missing', 'There is no X-Patreon-Signature header.')
  }
  if (!patreonForm.test(signature)) {
    throw new WebhookVerificationError(
      'signature_malformed',
      'X-Patreon-Signature must be 32 lowercase hexadecimal digits and nothing else.',
    )
  }
  if (!isSame(signature, createHmac('md5', secret).update(bytes).digest('hex'))) {
    throw new WebhookVerificationError(
      'signature_wrong',
      'X-Patreon-Signature does not fit. Check that the secret is this webhook’s, and that the body is what arrived, byte for byte.',
    )
  }
}

function namedTrigger(headers, signed) {
  const named = readHeader(headers, 'x-patreon-event', 'trigger')
  if (named === null) {
    if (signed !== null) return signed.trigger
    throw new WebhookVerificationError('trigger_missing', 'There is no X-Patreon-Event header.')
  }
  if (named.length > triggerLimit || !triggerForm.test(named)) {
    throw new WebhookVerificationError(
      'trigger_malformed',
      'X-Patreon-Event must be one trigger, such as pledges:create.',
    )
  }
  if (signed !== null && named !== signed.trigger) {
    throw new WebhookVerificationError(
      'trigger_mismatch',
      'X-Patreon-Event names another trigger than the one signed in webhook-id; somebody changed it on the way.',
    )
  }
  return named
}

function refuseSeen(seen, id) {
  const isSeen = seen(id)
  // A promise would count as true and refuse everything.
  if (typeof isSeen !== 'boolean') throw new TypeError('seen must return true or false, and at once.')
  if (isSeen) {
    throw new WebhookVerificationError(
      'already_seen',
      'This event was dealt with before. Answer with 200, so that it is not sent again.',
    )
  }
}

function isSame(received, expected) {
  const [one, other] = [Buffer.from(received), Buffer.from(expected)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function parsed(bytes) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    throw new WebhookVerificationError('body_not_json', 'The body is signed, but it is not JSON in UTF-8.')
  }
}

module.exports = { verify }
