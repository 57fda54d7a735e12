/** A kitten, as the API describes it. */
export interface Kitten {
  readonly id: number
  readonly name: string
  readonly breed: string
  readonly fluffiness: number
  readonly cuteness: number
}

/** What the API answers when a kitten was deleted. */
export interface DeletedKitten {
  readonly id: number
  readonly deleted: string
}

/** The kittens of one API key. */
export interface Kittens {
  /** Every kitten. */
  get(): Promise<Kitten[]>
  /** One kitten; an id that is not a positive integer is refused before anything is sent. */
  get(id: number): Promise<Kitten>
  /** Deletes one kitten for good. */
  delete(id: number): Promise<DeletedKitten>
}

/** What an API key opens. */
export interface Api {
  readonly kittens: Kittens
}

/** Where the API is, and how long one request may take. */
export interface AuthorizeOptions {
  /** By default the environment's `KITTN_API_URL`, or else `http://127.0.0.1:8080/api`. */
  readonly baseUrl?: string | undefined
  /** The longest one request may take from its start to the last byte of the answer; 15 by default. */
  readonly timeoutSeconds?: number
}

/** Makes an api that sends the given key with every request; nothing is sent yet. */
export function authorize(key: string, options?: AuthorizeOptions): Api

/** The codes that the client itself gives a `KittnError`; the server's own codes come beside them. */
export const kittnCodes: readonly [
  'id_malformed',
  'connection_failed',
  'timed_out',
  'redirect_refused',
  'answer_too_large',
  'answer_not_understood',
]

/** A request that the server refused, or that never got an answer worth the name. */
export class KittnError extends Error {
  /** The HTTP status, or null when there was no answer. */
  readonly status: number | null
  /** The server's code (`kitten_not_found`), or one of `kittnCodes`. */
  readonly code: string
  /** The field the server found fault with, when it names one. */
  readonly field: string | null
  /** What the server would have accepted, when it says so. */
  readonly expected: string | null
}

/** Every code that a `WebhookVerificationError` can carry; the same list in every language. */
export const verificationCodes: readonly [
  'key_malformed',
  'body_not_bytes',
  'signature_missing',
  'signature_malformed',
  'signature_wrong',
  'id_missing',
  'id_malformed',
  'timestamp_missing',
  'timestamp_malformed',
  'timestamp_outside_tolerance',
  'trigger_missing',
  'trigger_malformed',
  'trigger_mismatch',
  'already_seen',
  'body_not_json',
]

/** Why a received request is not to be believed. */
export type VerificationCode = (typeof verificationCodes)[number]

/** A received request that is not to be believed; answer it with 401 and do nothing else. */
export class WebhookVerificationError extends Error {
  readonly code: VerificationCode
}

/** A request's headers: Node's `request.headers`, a `Headers`, or pairs of name and value. */
export type ReceivedHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | Iterable<readonly [string, string | readonly string[]]>

/** The webhook's keys, one or both, and what else the check depends on. */
export interface VerifyOptions {
  /** The key of `X-Patreon-Signature`; when it is given, that signature must hold. */
  readonly secret?: string
  /** The `whsec_…` key of `webhook-signature`; when it is given, that signature must hold, whatever else does. */
  readonly whsec?: string
  /** The present in Unix seconds; the system's clock by default. */
  readonly now?: number
  /** How many seconds a timestamp may lie before or after the present; 300 by default. */
  readonly tolerance?: number
  /** Whether an event of this id was dealt with before; asked last, and only about ids that are signed. */
  readonly seen?: (id: string) => boolean
}

/** A delivery that was signed with your key. */
export interface VerifiedDelivery {
  /** The event's id, the same on every attempt; null without a `whsec`, because then nobody signed it. */
  readonly id: string | null
  /** What happened, such as `pledges:create`; signed when a `whsec` is given. */
  readonly trigger: string
  /** When it was signed, in Unix seconds; null without a `whsec`. */
  readonly timestamp: number | null
  /** The body, parsed when it is asked for; throws `body_not_json` when it is not JSON. */
  readonly data: unknown
}

/** Checks that a received request was signed with your key, and gives what it says. */
export function verify(body: Uint8Array | string, headers: ReceivedHeaders, options: VerifyOptions): VerifiedDelivery
