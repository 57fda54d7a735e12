'use strict'

const { WebhookVerificationError } = require('./errors.cjs')

const names = ['secret', 'whsec', 'now', 'tolerance', 'seen']

// The tolerance that Standard Webhooks recommends: clocks differ by less, and a replay comes later.
const defaultToleranceSeconds = 300

// What Standard Webhooks allows: 192 to 512 bits.
const [keyBytesMin, keyBytesMax] = [24, 64]

// Eleven digits of seconds are the year 2286 and later; whoever hands them in has milliseconds.
const nowLimitSeconds = 10_000_000_000

/** The options of `verify` with their defaults; whatever would quietly weaken the check is a TypeError. */
function checkedOptions(options) {
  const stranger = Object.keys(options ?? {}).find((name) => !names.includes(name))
  if (stranger !== undefined) throw new TypeError(`verify knows no option ${stranger}, only ${names.join(', ')}.`)

  const given = { now: Math.floor(Date.now() / 1000), tolerance: defaultToleranceSeconds, ...options }
  // `in`, not a look at the value: a forgotten environment variable must not turn a check off.
  if (!('secret' in given) && !('whsec' in given)) throw new TypeError('verify needs a secret, a whsec key or both.')
  for (const name of ['secret', 'whsec']) {
    if (name in given) refuseBlank(name, given[name])
  }
  refuseOddTimes(given)
  refuseOddSeen(given)

  return { ...given, key: 'whsec' in given ? decodedKey(given.whsec) : null }
}

function refuseBlank(name, value) {
  if (typeof value === 'string' && value.trim() !== '') return
  throw new TypeError(`${name} is missing or blank. Leave the option out if this webhook has no such key.`)
}

function refuseOddTimes({ now, tolerance }) {
  if (!Number.isFinite(now) || now < 0 || now >= nowLimitSeconds) {
    throw new TypeError('now must be the present in Unix seconds, not in milliseconds.')
  }
  if (!Number.isFinite(tolerance) || tolerance < 0) throw new TypeError('tolerance must be a number of seconds.')
}

function refuseOddSeen(given) {
  if (given.seen === undefined) return
  if (typeof given.seen !== 'function') throw new TypeError('seen must be a function of an event’s id.')
  if (!('whsec' in given)) {
    throw new TypeError('seen needs a whsec key: Patreon’s signature does not cover the event’s id.')
  }
}

function decodedKey(whsec) {
  const text = whsec.startsWith('whsec_') ? whsec.slice('whsec_'.length) : ''
  const key = Buffer.from(text, 'base64')
  // Node decodes anything; only what it would print itself is base64.
  if (key.toString('base64') !== text || key.length < keyBytesMin || key.length > keyBytesMax) {
    throw new WebhookVerificationError(
      'key_malformed',
      `The whsec key must be whsec_ and then ${keyBytesMin} to ${keyBytesMax} bytes in base64; copy it whole from the webhook’s page.`,
    )
  }
  return key
}

module.exports = { checkedOptions }
