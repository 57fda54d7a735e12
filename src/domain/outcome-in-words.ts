import type { Answer, Outcome, Phase } from './outcome.ts'

/** What happened, the likely cause, and what to do about it; written once, for whoever shows it. */
export function inWords(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'answered':
      return answered(outcome.answer)
    case 'timed-out':
      return timeOut[outcome.phase]
    case 'refused':
      return 'Nothing listens there (connection refused). Is the receiver running, and does its firewall let this server in?'
    case 'reset':
      return outcome.phase === 'answering'
        ? 'The connection was closed before an answer came. Look for a crash in the receiver, or a proxy with a shorter time-out.'
        : 'The connection was closed while the request was being sent.'
    case 'unresolved':
      return `The host name could not be resolved (${outcome.code}). Check its spelling and its DNS records.`
    case 'forbidden-address':
      return 'The host lies in a network that receivers may not be in, or on the machine that sends. An operator can open it with TIDINGS_ALLOW_PRIVATE.'
    case 'insecure':
      return `No trusted connection could be made (${outcome.code}). Check the certificate: its names, its dates and its chain.`
    case 'garbled':
      return `What came back is not HTTP (${outcome.code}). Is the port right, and is it http or https?`
    case 'unreachable':
      return `The receiver could not be reached (${outcome.code}).`
  }
}

const timeOut: Record<Phase, string> = {
  resolving: 'The host name was not resolved in time.',
  connecting: 'No connection was made in time. Does a firewall drop the packets?',
  securing: 'The TLS handshake was not finished in time.',
  sending: 'The request could not be sent in time.',
  answering: 'The answer took too long. Answer 200 first, work afterwards.',
}

function answered({ status }: Answer): string {
  if (status >= 200 && status < 300) return `The receiver accepted it (${status}).`
  if (status >= 300 && status < 400) {
    return `The receiver answered ${status}, a redirect. Redirects are not followed: register the final URI.`
  }
  return adviceFor[status] ?? `The receiver answered ${status}.`
}

const adviceFor: Readonly<Record<number, string>> = {
  400: 'The receiver answered 400: it could not read the request. Does it read the raw body before parsing it?',
  401: 'The receiver answered 401. Most often it checks the signature over a re-serialised body; it must be the raw bytes.',
  403: 'The receiver answered 403. Most often it checks the signature over a re-serialised body; it must be the raw bytes.',
  404: 'The receiver answered 404: nothing is at this path.',
  405: 'The receiver answered 405: this path takes no POST.',
  410: 'The receiver answered 410 Gone, which means that it wants no more. The webhook is paused.',
  413: 'The receiver answered 413: it takes only smaller bodies.',
  429: 'The receiver answered 429: it wants to be asked less often. Its Retry-After is respected.',
  500: 'The receiver answered 500: it failed while working on the event. Its log says why.',
  502: 'The receiver answered 502: a proxy stands before it and got no good answer from it.',
  503: 'The receiver answered 503: it is overloaded or being deployed.',
  504: 'The receiver answered 504: a proxy stands before it and waited too long. Answer 200 first, work afterwards.',
}
