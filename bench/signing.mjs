// Both signatures, written once more without the product's code: what is sent must be what anybody would compute.
import { createHmac } from 'node:crypto'

/** The headers that a delivery carries, signed with a webhook's two keys. */
export function signedHeaders({ secret, standardKey }, { id, trigger, timestamp, body }) {
  return {
    'User-Agent': 'Patreon HTTP Robot',
    'Content-Type': 'application/json',
    'X-Patreon-Event': trigger,
    'X-Patreon-Signature': patreonSignature(secret, body),
    'webhook-id': `${id}~${trigger}`,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': standardSignature(standardKey, `${id}~${trigger}`, timestamp, body),
  }
}

/** Hex HMAC-MD5 of the body. */
function patreonSignature(secret, body) {
  return createHmac('md5', secret).update(body).digest('hex')
}

/** Standard Webhooks' signature of id, time and body. */
function standardSignature(key, ...[id, timestamp, body]) {
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
}

/** Says what is wrong with a request; null when it is signed as it should be. */
export function faultIn(head, body, { secret, standardKey }, trigger) {
  const field = (name) => new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(head)?.[1] ?? ''
  if (field('x-patreon-event') !== trigger) return 'another trigger'
  if (field('x-patreon-signature') !== patreonSignature(secret, body)) return 'a wrong MD5 signature'
  const [id, timestamp] = [field('webhook-id'), field('webhook-timestamp')]
  if (!id.endsWith(`~${trigger}`)) return 'a message id without its trigger'
  return field('webhook-signature') === standardSignature(standardKey, id, timestamp, body)
    ? null
    : 'a wrong standard signature'
}
