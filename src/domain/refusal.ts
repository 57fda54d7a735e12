/**
 * A caller's mistake, told politely: what was wrong, with which field, and what would be right.
 *
 * The codes are a closed list. A new one does not compile until it has a status.
 */
export type RefusalCode = keyof typeof httpStatusOf

/** The HTTP status that each refusal is told with. */
export const httpStatusOf = {
  json_malformed: 400,
  request_malformed: 400,
  query_malformed: 400,
  parameter_invalid: 400,
  body_not_utf8: 400,
  key_missing: 401,
  key_wrong: 401,
  credentials_wrong: 401,
  token_wrong: 401,
  scope_missing: 403,
  not_permitted: 403,
  form_expired: 403,
  view_forbidden: 403,
  user_agent_missing: 403,
  account_not_found: 404,
  client_not_found: 404,
  key_not_found: 404,
  webhook_not_found: 404,
  event_not_found: 404,
  delivery_not_found: 404,
  campaign_not_found: 404,
  tier_not_found: 404,
  pledge_not_found: 404,
  member_not_found: 404,
  post_not_found: 404,
  benefit_not_found: 404,
  kitten_not_found: 404,
  address_not_found: 404,
  page_not_found: 404,
  link_spent: 404,
  method_not_allowed: 405,
  answer_not_acceptable: 406,
  request_too_slow: 408,
  event_id_taken: 409,
  idempotency_key_taken: 409,
  pledge_exists: 409,
  pledge_ended: 409,
  member_exists: 409,
  charge_impossible: 409,
  clock_fixed: 409,
  email_taken: 409,
  trigger_taken: 409,
  webhook_paused: 409,
  kitten_gone: 410,
  body_too_large: 413,
  content_type_unsupported: 415,
  field_missing: 422,
  field_invalid: 422,
  trigger_unknown: 422,
  trigger_malformed: 422,
  tenant_malformed: 422,
  event_id_malformed: 422,
  uri_malformed: 422,
  uri_forbidden: 422,
  amount_invalid: 422,
  tier_of_another_campaign: 422,
  tier_full: 422,
  tier_unpublished: 422,
  too_many: 422,
  too_many_requests: 429,
  headers_too_large: 431,
  internal: 500,
  overloaded: 503,
  unavailable: 503,
} as const satisfies Record<string, number>

/** What a refusal says beside its code. */
export type RefusalDetail = {
  message: string
  /** The field, header or parameter at fault. */
  field?: string
  /** What would have been right. */
  expected?: string
  /** Seconds after which asking again makes sense. */
  retryAfterSeconds?: number
}

/** The form in which a caller's mistake is thrown, from anywhere, and told at the door. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly detail: RefusalDetail

  constructor(code: RefusalCode, detail: RefusalDetail) {
    super(detail.message)
    this.name = 'Refusal'
    this.code = code
    this.detail = detail
  }

  get status(): number {
    return httpStatusOf[this.code]
  }
}
