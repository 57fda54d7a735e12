# frozen_string_literal: true

require_relative 'kittn/api_client'
require_relative 'kittn/errors'
require_relative 'kittn/verification'

# The kittens API, and the check of received webhooks.
module Kittn
  # Checks that a received request was signed with your key, and gives what it says.
  #
  # At least one of +secret+ and +whsec+ is needed; +now+ and +tolerance+ are seconds, and +seen+ says of an event's id
  # whether it was dealt with before.
  def self.verify(body, headers, **options)
    Verification.new(body, headers, Options.new(**options)).delivery
  end
end
