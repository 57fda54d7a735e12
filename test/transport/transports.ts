import { onTestFinished } from 'vitest'
import type { Outcome } from '#src/domain/outcome.ts'
import { seconds } from '#src/domain/time.ts'
import { type HttpTransportSettings, httpTransport } from '#src/transport/http.ts'
import type { Resolver } from '#src/transport/resolver.ts'
import type { SignedRequest, Transport } from '#src/transport/transport.ts'
import { type HandClock, handClock } from '../hand-clock.ts'

/** A transport under a clock that is moved by hand. */
export type Sender = { clock: HandClock; transport: Transport; post: (uri: string) => Promise<Outcome> }

/** Makes a transport that may reach this machine only, and closes it when the test is over. */
export function aSender(settings: Partial<HttpTransportSettings> = {}): Sender {
  const clock = handClock()
  const transport = httpTransport({
    clock,
    deadline: seconds(15),
    connectDeadline: seconds(5),
    allow: ['127.0.0.0/8', '::1/128'],
    resolver: answering({ 'hooks.example.com': ['127.0.0.1'] }),
    ...settings,
  })
  onTestFinished(() => transport.close())
  return { clock, transport, post: (uri) => transport.post(aRequest(uri)) }
}

/** A small signed request. */
export function aRequest(uri: string, body = '{"data":{}}'): SignedRequest {
  return { uri: new URL(uri), headers: [['X-Patreon-Event', 'pledges:create']], body: Buffer.from(body) }
}

/** A name server that knows a few names by heart. */
export function answering(names: Readonly<Record<string, readonly string[]>>): Resolver {
  return async (name) => {
    const addresses = names[name]
    return addresses === undefined ? { kind: 'unresolved', code: 'ENOTFOUND' } : { kind: 'resolved', addresses }
  }
}

/** The status of an answer; anything else than an answer fails the test with what it was. */
export function statusOf(outcome: Outcome): number {
  if (outcome.kind !== 'answered') throw new Error(`no answer but ${JSON.stringify(outcome)}`)
  return outcome.answer.status
}
