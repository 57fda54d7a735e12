# frozen_string_literal: true

require_relative 'errors'

module Kittn
  # The headers of a received request: a Hash, or anything else that gives pairs of name and value.
  class Headers
    def initialize(pairs)
      unless pairs.respond_to?(:each_pair) || pairs.is_a?(Array)
        raise ArgumentError, 'headers must be a Hash, or pairs of name and value.'
      end

      @pairs = pairs
    end

    # Gives a header's one value, or nil when it is not there; more than one is refused as <part>_malformed.
    def read(name, part)
      values = @pairs.to_a.select { |key, _| key.to_s.downcase == name }.flat_map { |_, value| Array(value) }
      return nil if values.empty?
      # Proxies differ in which of two values they pass on, so a second one is never looked past.
      return values.first.b if values.one? && values.first.is_a?(String)

      raise WebhookVerificationError.new("#{part}_malformed", "The #{name} header must be there once, as text.")
    end
  end
end
