'use strict'

const { KittnError } = require('./errors.cjs')

// The longest list of kittens is far smaller; a server gone wrong must not fill our memory.
const answerLimitBytes = 1024 * 1024

/** Sends one request and gives its JSON answer, or throws a KittnError. */
async function ask({ method, url, key, timeoutSeconds }) {
  const signal = AbortSignal.timeout(timeoutSeconds * 1000)
  try {
    const answer = await fetch(url, {
      method,
      headers: { authorization: key, accept: 'application/json', 'accept-encoding': 'identity' },
      redirect: 'manual',
      signal,
    })
    refuseRedirect(answer.status)
    return understood(answer.status, await bodyOf(answer))
  } catch (error) {
    if (error instanceof KittnError) throw error
    if (signal.aborted) {
      throw new KittnError('timed_out', `${url} did not answer in full within ${timeoutSeconds} s.`, { cause: error })
    }
    const why = error.cause?.message || error.cause?.code || error.message
    throw new KittnError('connection_failed', `No answer came from ${url}: ${why}.`, { cause: error })
  }
}

function refuseRedirect(status) {
  if (status < 300 || status > 399) return
  throw new KittnError(
    'redirect_refused',
    `The server answered ${status}, a redirect. It is not followed, so that the API key stays with the host it was given to. Check the base URL.`,
    { status },
  )
}

async function bodyOf({ status, body }) {
  const chunks = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > answerLimitBytes) {
      throw new KittnError('answer_too_large', `The answer is longer than ${answerLimitBytes} bytes.`, { status })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function understood(status, body) {
  const succeeded = status >= 200 && status <= 299
  const json = parsed(body)
  if (succeeded && json !== undefined) return json

  const { code, message, field, expected } = json?.error ?? {}
  if (!succeeded && typeof code === 'string' && typeof message === 'string') {
    throw new KittnError(code, message, { status, field: textOrNull(field), expected: textOrNull(expected) })
  }
  throw new KittnError(
    'answer_not_understood',
    `The server answered ${status}, but not in the API's JSON. Check the base URL, and what stands in front of the server.`,
    { status },
  )
}

function textOrNull(value) {
  return typeof value === 'string' ? value : null
}

function parsed(body) {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch {
    // An error page is no surprise; who asked is told what came instead.
    return undefined
  }
}

module.exports = { ask }
