'use strict'

const { ask } = require('./ask.cjs')
const { KittnError } = require('./errors.cjs')

const defaultBaseUrl = 'http://127.0.0.1:8080/api'

// Long enough for a busy server, short enough that a person still waits for it.
const defaultTimeoutSeconds = 15

/** Makes an api that sends the given key with every request; nothing is sent yet. */
function authorize(key, { baseUrl, timeoutSeconds = defaultTimeoutSeconds } = {}) {
  // Anything else could break out of its header line, or be changed on the way.
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key)) {
    throw new TypeError('An API key is a text of visible ASCII characters, without spaces or line breaks.')
  }
  if (!Number.isFinite(timeoutSeconds) || timeoutSeconds <= 0) {
    throw new TypeError('timeoutSeconds must be a number of seconds above 0.')
  }
  const base = checkedBaseUrl(baseUrl ?? (process.env.KITTN_API_URL || defaultBaseUrl))
  const send = (method, path) => ask({ method, url: `${base}${path}`, key, timeoutSeconds })

  return {
    kittens: {
      // Rest arguments tell get() from get(undefined): a forgotten id must not become the whole list.
      async get(...ids) {
        return send('GET', ids.length === 0 ? '/kittens' : `/kittens/${checkedId(ids[0])}`)
      },
      async delete(id) {
        return send('DELETE', `/kittens/${checkedId(id)}`)
      },
    },
  }
}

function checkedBaseUrl(text) {
  const mistake = `The base URL must look like ${defaultBaseUrl}, without a user, a query or a fragment.`
  if (typeof text !== 'string' || !URL.canParse(text) || /[?#\s]/.test(text)) throw new TypeError(mistake)

  const url = new URL(text)
  if (!['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new TypeError(mistake)
  }
  return url.href.replace(/\/+$/, '')
}

function checkedId(id) {
  if (!Number.isSafeInteger(id) || id < 1) {
    throw new KittnError('id_malformed', 'A kitten is asked for by its id, a positive integer such as 2.')
  }
  return id
}

module.exports = { authorize }
