/**
 * A receiver of webhooks, whole. It believes what was signed and nothing else:
 *
 *   CLIENT_SECRET=… [WHSEC=whsec_…] node examples/receiver.mjs [port]
 *
 * It prints where it listens, and then one line of JSON for every delivery.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const { CLIENT_SECRET = '', WHSEC = '', PORT = '0' } = process.env
const port = Number(process.argv[2] ?? PORT)
const largestBody = 512 * 1024
const oldestTimestamp = 5 * 60 // seconds; what is older may be a recording that somebody plays again

if (CLIENT_SECRET === '') {
  console.error('CLIENT_SECRET is missing: without it nobody can tell a delivery from a forgery.')
  process.exit(2)
}

/** In constant time: how long a comparison takes must not tell how much of a guess was right. */
function areEqual(one, other) {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The page's signature: HMAC-MD5 of the body's bytes, as they came and before anything has parsed them. */
function isFromPatreon(headers, body) {
  const signature = createHmac('md5', CLIENT_SECRET).update(body).digest('hex')
  return areEqual(headers['x-patreon-signature'] ?? '', signature)
}

/** Standard Webhooks: HMAC-SHA256 that also covers id and time, so that a recording can't be played again. */
function isStandard(headers, body) {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '', 'webhook-signature': signatures = '' } = headers
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < oldestTimestamp)) return false
  const key = Buffer.from(WHSEC.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return signatures.split(' ').some((one) => areEqual(one, `v1,${signature}`))
}

async function bodyOf(request) {
  const chunks = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length > largestBody) throw new Error('the body is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function receive(request, response) {
  const body = await bodyOf(request)
  const isVerified = isFromPatreon(request.headers, body) && (WHSEC === '' || isStandard(request.headers, body))
  const status = isVerified ? 200 : 401
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(isVerified ? 'thank you\n' : 'not signed by you\n')

  const event = request.headers['x-patreon-event'] ?? null
  // Only what is verified is looked into.
  const about = isVerified ? (JSON.parse(body.toString('utf8')).data?.id ?? null) : null
  console.log(JSON.stringify({ event, about, verified: isVerified, status, headers: request.rawHeaders }))
}

const server = createServer((request, response) => {
  receive(request, response).catch(() => response.destroy())
})
server.listen(port, '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: `http://127.0.0.1:${server.address().port}/` }))
})

// Where another program started this one, it ends with it.
process.once('disconnect', () => process.exit(0))
