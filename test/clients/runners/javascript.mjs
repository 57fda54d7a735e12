// Runs a file of vectors through the JavaScript client: `javascript.mjs verify FILE` or
// `javascript.mjs kittens FILE STUB_URL REFUSED_URL`. One JSON line per case.
import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { authorize, KittnError, kittnCodes, verificationCodes, verify, WebhookVerificationError } from 'kittn'

const [kind, file, stubUrl, refusedUrl] = process.argv.slice(2)

function bodyOf({ text, base64, json }) {
  return text ?? json ?? Buffer.from(base64, 'base64')
}

function verified(given) {
  const options = {}
  for (const name of ['secret', 'whsec', 'now', 'tolerance']) if (name in given) options[name] = given[name]
  if (given.seen) options.seen = (id) => given.seen.includes(id)

  const delivery = verify(bodyOf(given.body), given.headers, options)
  const { id, trigger, timestamp } = delivery
  return { id, trigger, timestamp, data: dataOf(delivery) }
}

function dataOf(delivery) {
  try {
    return delivery.data
  } catch (error) {
    return { error: error.code }
  }
}

async function asked(given, index) {
  const [verb, ...ids] = given.call
  const host = given.answer?.refused ? refusedUrl : `${stubUrl}/${index}`
  const baseUrl = given.baseUrl ?? host + (given.base ?? '/api')
  const options = 'timeoutSeconds' in given ? { timeoutSeconds: given.timeoutSeconds } : {}
  const api = authorize(given.key ?? 'meowmeowmeow', { baseUrl, ...options })
  return { result: await api.kittens[verb](...ids) }
}

function failed(error) {
  if (error instanceof WebhookVerificationError) return { error: error.code }
  if (error instanceof TypeError) return { error: 'programming_error' }
  if (!(error instanceof KittnError)) throw error
  const { status, code, field, expected } = error
  return { error: { status, code, field, expected } }
}

async function ran(given, index) {
  try {
    return { got: kind === 'verify' ? verified(given) : await asked(given, index) }
  } catch (error) {
    return { got: failed(error), message: error.message }
  }
}

if (kind === 'codes') {
  console.log(JSON.stringify({ kittn: kittnCodes, verification: verificationCodes }))
} else {
  for (const [index, given] of JSON.parse(readFileSync(file, 'utf8')).entries()) {
    if (given.without?.includes('javascript')) continue
    const { got, message } = await ran(given, index)
    console.log(JSON.stringify({ name: given.name, ok: isDeepStrictEqual(got, given.expect), got, message }))
  }
}
