# frozen_string_literal: true

module Kittn
  # The codes that the client itself gives a Kittn::Error; the server's own codes come beside them.
  CODES = %w[
    id_malformed
    connection_failed
    timed_out
    redirect_refused
    answer_too_large
    answer_not_understood
  ].freeze

  # Every code that a WebhookVerificationError can carry; the same list in every language.
  VERIFICATION_CODES = %w[
    key_malformed
    body_not_bytes
    signature_missing
    signature_malformed
    signature_wrong
    id_missing
    id_malformed
    timestamp_missing
    timestamp_malformed
    timestamp_outside_tolerance
    trigger_missing
    trigger_malformed
    trigger_mismatch
    already_seen
    body_not_json
  ].freeze

  # A request that the server refused, or that never got an answer worth the name.
  class Error < StandardError
    attr_reader :code, :status, :field, :expected

    def initialize(code, message, status: nil, field: nil, expected: nil)
      super(message)
      @code = code
      @status = status
      @field = field
      @expected = expected
    end
  end

  # A received request that is not to be believed; answer it with 401 and do nothing else.
  class WebhookVerificationError < StandardError
    attr_reader :code

    def initialize(code, message)
      super(message)
      @code = code
    end
  end
end
