import type { Outcome } from '../domain/outcome.ts'

/** One signed request, ready to be sent as it is. */
export type SignedRequest = {
  /** http or https, without credentials. */
  uri: URL
  /** Sent in this order and this case. `Host`, `Connection` and `Content-Length` are the transport's. */
  headers: readonly (readonly [name: string, value: string])[]
  body: Uint8Array
}

/** The only door out of the process. */
export interface Transport {
  /**
   * Sends one POST and waits for its answer, at most for the total deadline.
   * Never rejects: whatever happens is an outcome.
   */
  post(request: SignedRequest): Promise<Outcome>

  /** Closes every socket; what is in flight ends as `reset`. */
  close(): Promise<void>
}
