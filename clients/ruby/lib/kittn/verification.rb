# frozen_string_literal: true

require 'json'
require 'openssl'
require_relative 'errors'
require_relative 'headers'
require_relative 'options'

module Kittn
  # A delivery that was signed with your key; id and timestamp are nil without a whsec, as nobody signed them.
  class VerifiedDelivery
    attr_reader :id, :trigger, :timestamp

    def initialize(id:, trigger:, timestamp:, body:)
      @id = id
      @trigger = trigger
      @timestamp = timestamp
      @body = body
      freeze
    end

    # The body, parsed; raises body_not_json when it is not JSON.
    def data
      text = @body.dup.force_encoding(Encoding::UTF_8)
      raise JSON::ParserError unless text.valid_encoding?

      JSON.parse(text)
    rescue JSON::ParserError
      raise WebhookVerificationError.new('body_not_json', 'The body is signed, but it is not JSON in UTF-8.')
    end
  end

  # The check of one received request.
  #
  # Two signatures may stand on it. Patreon's covers the body alone, with MD5; the one of Standard Webhooks covers the
  # id (which ends in the trigger), the time and the body, with SHA-256. Whoever has the whsec_ key is never content with
  # the weaker one: otherwise a forger would just leave the stronger one out.
  class Verification
    TRIGGER = /[a-z0-9_]+(?:[:.][a-z0-9_]+)*/n.freeze
    TRIGGER_FORM = /\A#{TRIGGER}\z/n.freeze
    TRIGGER_LIMIT = 128
    ID_FORM = /\A([A-Za-z0-9_-]{1,64})~(#{TRIGGER})\z/n.freeze
    PATREON_FORM = /\A[0-9a-f]{32}\z/n.freeze
    TIMESTAMP_FORM = /\A(?:0|[1-9][0-9]{0,9})\z/n.freeze
    SIGNATURE_FORM = %r{\Av1,[A-Za-z0-9+/]{43}=\z}n.freeze
    ANY_SIGNATURE_FORM = /\A[A-Za-z0-9]+,[\x21-\x7e]+\z/n.freeze

    # More signatures than any rotation needs, and little enough to read for nothing.
    SIGNATURES_LIMIT_CHARACTERS = 4096

    def initialize(body, headers, options)
      @body = bytes_of(body)
      @headers = Headers.new(headers)
      @options = options
    end

    # Gives the delivery, or raises a WebhookVerificationError.
    def delivery
      signed = check_standard unless @options.key.nil?
      check_patreon unless @options.secret.nil?
      trigger = named_trigger(signed)
      refuse_seen(signed[:id]) unless @options.seen.nil?

      VerifiedDelivery.new(id: signed&.fetch(:id), trigger: trigger, timestamp: signed&.fetch(:timestamp), body: @body)
    end

    private

    def bytes_of(body)
      return body.b.freeze if body.is_a?(String)

      refuse 'body_not_bytes', <<~TEXT.tr("\n", ' ').strip
        The body must be the bytes as they arrived. A parsed object will not do: printing it as JSON again gives other
        bytes (spaces, escapes, the order of keys), and the signature is over the first ones. Read the raw body, with
        request.raw_post or request.body.read for one.
      TEXT
    end

    def check_standard
      signatures = @headers.read('webhook-signature', 'signature')
      refuse 'signature_missing', <<~TEXT.tr("\n", ' ').strip if signatures.nil?
        There is no webhook-signature header. With a whsec key X-Patreon-Signature alone is not enough.
      TEXT
      id, trigger = signed_id
      timestamp = signed_timestamp
      check_candidates(candidates_in(signatures), "#{id}~#{trigger}.#{timestamp}.".b + @body)
      # Looked at last, because the time on a forged request says nothing.
      refuse_far(timestamp)
      { id: id, trigger: trigger, timestamp: timestamp }
    end

    def signed_id
      text = @headers.read('webhook-id', 'id')
      refuse 'id_missing', 'There is no webhook-id header.' if text.nil?

      match = ID_FORM.match(text)
      if match.nil? || match[2].bytesize > TRIGGER_LIMIT
        refuse 'id_malformed',
               "webhook-id must be the event's id, a tilde and the trigger, such as evt_1~pledges:create."
      end
      match.captures.map { |part| part.encode(Encoding::UTF_8) }
    end

    def signed_timestamp
      text = @headers.read('webhook-timestamp', 'timestamp')
      refuse 'timestamp_missing', 'There is no webhook-timestamp header.' if text.nil?
      return text.to_i if TIMESTAMP_FORM.match?(text)

      refuse 'timestamp_malformed',
             'webhook-timestamp must be whole Unix seconds, such as 1700000000, not milliseconds.'
    end

    def candidates_in(signatures)
      # A pattern, because Ruby takes the text ' ' for any run of white space.
      parts = signatures.split(/ /, -1)
      candidates = parts.select { |part| part.start_with?('v1,') }
      refuse_unreadable unless readable?(signatures, parts, candidates)
      refuse 'signature_missing', 'There is no v1 signature in webhook-signature.' if candidates.empty?

      candidates
    end

    def readable?(signatures, parts, candidates)
      !parts.empty? && signatures.bytesize <= SIGNATURES_LIMIT_CHARACTERS &&
        parts.all?(ANY_SIGNATURE_FORM) && candidates.all?(SIGNATURE_FORM)
    end

    def refuse_unreadable
      refuse 'signature_malformed', <<~TEXT.tr("\n", ' ').strip
        webhook-signature must be a list of signatures with one space between them, each v1, a comma and 44 characters
        of base64.
      TEXT
    end

    def check_candidates(candidates, content)
      expected = "v1,#{[OpenSSL::HMAC.digest('SHA256', @options.key, content)].pack('m0')}"
      return if candidates.map { |candidate| same?(candidate, expected) }.any?

      refuse 'signature_wrong', <<~TEXT.tr("\n", ' ').strip
        No v1 signature in webhook-signature fits. Check that the whsec key is this webhook's, and that the body is what
        arrived, byte for byte.
      TEXT
    end

    def refuse_far(timestamp)
      distance = (@options.now - timestamp).abs
      return if distance <= @options.tolerance

      refuse 'timestamp_outside_tolerance', <<~TEXT.tr("\n", ' ').strip
        It was signed #{distance} s away from the present, and #{@options.tolerance} s are tolerated. It is a replay, or
        a clock is wrong.
      TEXT
    end

    def check_patreon
      signature = @headers.read('x-patreon-signature', 'signature')
      refuse 'signature_missing', 'There is no X-Patreon-Signature header.' if signature.nil?
      unless PATREON_FORM.match?(signature)
        refuse 'signature_malformed', 'X-Patreon-Signature must be 32 lowercase hexadecimal digits and nothing else.'
      end
      return if same?(signature, OpenSSL::HMAC.hexdigest('MD5', @options.secret, @body))

      refuse 'signature_wrong', <<~TEXT.tr("\n", ' ').strip
        X-Patreon-Signature does not fit. Check that the secret is this webhook's, and that the body is what arrived,
        byte for byte.
      TEXT
    end

    def named_trigger(signed)
      named = @headers.read('x-patreon-event', 'trigger')
      return signed[:trigger] if named.nil? && signed

      refuse 'trigger_missing', 'There is no X-Patreon-Event header.' if named.nil?
      if named.bytesize > TRIGGER_LIMIT || !TRIGGER_FORM.match?(named)
        refuse 'trigger_malformed', 'X-Patreon-Event must be one trigger, such as pledges:create.'
      end
      refuse_mismatch if signed && named != signed[:trigger]
      named.encode(Encoding::UTF_8)
    end

    def refuse_mismatch
      refuse 'trigger_mismatch', <<~TEXT.tr("\n", ' ').strip
        X-Patreon-Event names another trigger than the one signed in webhook-id; somebody changed it on the way.
      TEXT
    end

    def refuse_seen(id)
      is_seen = @options.seen.call(id)
      # Anything else, such as a promise or a count of 0, would count as true and refuse everything.
      raise ArgumentError, 'seen must return true or false.' unless [true, false].include?(is_seen)
      return unless is_seen

      refuse 'already_seen', 'This event was dealt with before. Answer with 200, so that it is not sent again.'
    end

    def same?(received, expected)
      received.bytesize == expected.bytesize && OpenSSL.fixed_length_secure_compare(received, expected)
    end

    def refuse(code, message)
      raise WebhookVerificationError.new(code, message)
    end
  end
end
