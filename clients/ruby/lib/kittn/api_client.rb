# frozen_string_literal: true

require 'uri'
require_relative 'asker'
require_relative 'errors'

module Kittn
  # What an API key opens.
  class APIClient
    DEFAULT_BASE_URL = 'http://127.0.0.1:8080/api'

    # Long enough for a busy server, short enough that a person still waits for it.
    DEFAULT_TIMEOUT_SECONDS = 15

    # The kittens of this key.
    attr_reader :kittens

    # Makes an api that sends the given key with every request; nothing is sent yet.
    def self.authorize!(key, base_url: nil, timeout_seconds: DEFAULT_TIMEOUT_SECONDS)
      # Anything else could break out of its header line, or be changed on the way.
      unless key.is_a?(String) && key.b.match?(/\A[\x21-\x7e]+\z/n)
        raise ArgumentError, 'An API key is a text of visible ASCII characters, without spaces or line breaks.'
      end
      unless timeout_seconds.is_a?(Numeric) && timeout_seconds.positive? && timeout_seconds.finite?
        raise ArgumentError, 'timeout_seconds must be a number of seconds above 0.'
      end

      new(Asker.new(key: key, base_url: checked_base_url(base_url), timeout_seconds: timeout_seconds))
    end

    def self.checked_base_url(given)
      text = given.nil? ? environment_base_url : given
      raise URI::InvalidURIError unless text.is_a?(String)

      uri = URI.parse(text)
      is_plain = [uri.userinfo, uri.query, uri.fragment].none?
      return text.sub(%r{/+\z}, '') if uri.is_a?(URI::HTTP) && !uri.host.to_s.empty? && is_plain

      raise URI::InvalidURIError
    rescue URI::InvalidURIError
      raise ArgumentError, "The base URL must look like #{DEFAULT_BASE_URL}, without a user, a query or a fragment."
    end

    def self.environment_base_url
      text = ENV.fetch('KITTN_API_URL', '')
      text.empty? ? DEFAULT_BASE_URL : text
    end

    private_class_method :new, :checked_base_url, :environment_base_url

    def initialize(asker)
      @kittens = Kittens.new(asker)
    end
  end

  # The kittens of one API key.
  class Kittens
    # Ids travel as JSON numbers, which many languages read exactly up to here only.
    ID_MAX = (2**53) - 1

    # Tells get from get(nil): a forgotten id must not become the whole list.
    EVERY = Object.new.freeze

    private_constant :EVERY

    def initialize(asker)
      @asker = asker
    end

    # Gives every kitten as an Array or, when an id is given, that kitten as a Hash.
    def get(id = EVERY)
      @asker.ask('GET', EVERY.equal?(id) ? '/kittens' : "/kittens/#{checked_id(id)}")
    end

    # Deletes one kitten for good, and gives the server's answer as a Hash.
    def delete(id)
      @asker.ask('DELETE', "/kittens/#{checked_id(id)}")
    end

    private

    def checked_id(id)
      return id if id.is_a?(Integer) && id.between?(1, ID_MAX)

      raise Error.new('id_malformed', 'A kitten is asked for by its id, a positive integer such as 2.')
    end
  end
end
