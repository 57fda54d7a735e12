# frozen_string_literal: true

require_relative 'errors'

module Kittn
  # The options of verify with their defaults; whatever would quietly weaken the check is an ArgumentError.
  class Options
    # What Standard Webhooks recommends: clocks differ by less, and a replay comes later.
    DEFAULT_TOLERANCE_SECONDS = 300

    # What Standard Webhooks allows: 192 to 512 bits.
    KEY_BYTES = (24..64).freeze

    # Eleven digits of seconds are the year 2286 and later; whoever hands them in has milliseconds.
    NOW_LIMIT_SECONDS = 10_000_000_000

    # A key that was left out. Not nil: a forgotten environment variable must not turn a check off.
    ABSENT = Object.new.freeze

    private_constant :ABSENT

    attr_reader :secret, :key, :now, :tolerance, :seen

    def initialize(secret: ABSENT, whsec: ABSENT, now: Time.now.to_i, tolerance: DEFAULT_TOLERANCE_SECONDS, seen: nil)
      if ABSENT.equal?(secret) && ABSENT.equal?(whsec)
        raise ArgumentError, 'verify needs a secret, a whsec key or both.'
      end

      @secret = given('secret', secret)
      whsec_text = given('whsec', whsec)
      @now = checked_now(now)
      @tolerance = checked_tolerance(tolerance)
      @seen = checked_seen(seen, whsec_text)
      @key = decoded(whsec_text)
    end

    private

    def given(name, value)
      return nil if ABSENT.equal?(value)
      return value.b if value.is_a?(String) && !value.b.match?(/\A[[:space:]]*\z/n)

      raise ArgumentError, "#{name} is missing or blank. Leave the argument out if this webhook has no such key."
    end

    def checked_now(now)
      return now if real?(now) && now >= 0 && now < NOW_LIMIT_SECONDS

      raise ArgumentError, 'now must be the present in Unix seconds, not in milliseconds.'
    end

    def checked_tolerance(tolerance)
      return tolerance if real?(tolerance) && tolerance >= 0

      raise ArgumentError, 'tolerance must be a number of seconds.'
    end

    def real?(value)
      value.is_a?(Numeric) && value.real? && value.finite?
    end

    def checked_seen(seen, whsec_text)
      return nil if seen.nil?
      raise ArgumentError, "seen must be a callable of an event's id." unless seen.respond_to?(:call)
      return seen unless whsec_text.nil?

      raise ArgumentError, "seen needs a whsec key: Patreon's signature does not cover the event's id."
    end

    def decoded(whsec_text)
      return nil if whsec_text.nil?

      key = whsec_text.start_with?('whsec_') ? whsec_text.delete_prefix('whsec_').unpack1('m0') : ''
      return key if KEY_BYTES.cover?(key.bytesize)

      refuse_key
    rescue ArgumentError
      # unpack's word for text that is not base64.
      refuse_key
    end

    def refuse_key
      raise WebhookVerificationError.new('key_malformed', <<~TEXT.tr("\n", ' ').strip)
        The whsec key must be whsec_ and then #{KEY_BYTES.min} to #{KEY_BYTES.max} bytes in base64; copy it whole from
        the webhook's page.
      TEXT
    end
  end
end
