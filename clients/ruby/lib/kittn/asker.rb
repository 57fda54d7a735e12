# frozen_string_literal: true

require 'json'
require 'net/http'
require 'openssl'
require 'timeout'
require 'uri'
require_relative 'errors'

module Kittn
  # Sends requests with one key to one API.
  class Asker
    # The longest list of kittens is far smaller; a server gone wrong must not fill our memory.
    ANSWER_LIMIT_BYTES = 1024 * 1024

    # Raised by the deadline alone, so that it is not taken for a timeout of something else.
    TimeIsOver = Class.new(StandardError)

    # Stands for an answer that is not JSON, because nil is JSON.
    NOT_JSON = Object.new.freeze

    private_constant :TimeIsOver, :NOT_JSON

    def initialize(key:, base_url:, timeout_seconds:)
      @key = key
      @base_url = base_url
      @timeout_seconds = timeout_seconds
    end

    # Sends one request and gives its JSON answer, or raises a Kittn::Error.
    def ask(method, path)
      uri = URI.parse(@base_url + path)
      # A socket's own timeout begins anew with every byte, so a server that drips would never run into it.
      status, body = Timeout.timeout(@timeout_seconds, TimeIsOver) { exchange(method, uri) }
      understood(status, body)
    rescue TimeIsOver, Timeout::Error
      raise Error.new('timed_out', "#{uri} did not answer in full within #{@timeout_seconds} s.")
    rescue SystemCallError, IOError, SocketError, OpenSSL::SSL::SSLError, Net::ProtocolError, Net::HTTPBadResponse,
           Net::HTTPHeaderSyntaxError => e
      raise Error.new('connection_failed', "No answer came from #{uri}: #{e.message}.")
    end

    # Keeps the API key out of logs.
    def inspect
      "#<Kittn::Asker #{@base_url}>"
    end

    private

    def exchange(method, uri)
      connection_to(uri).start do |connection|
        connection.request(request_for(method, uri)) do |answer|
          status = answer.code.to_i
          refuse_redirect(status)
          return [status, body_of(answer, status)]
        end
      end
    end

    def connection_to(uri)
      # No proxy from the environment: the API key reaches the host it was given to and no other.
      connection = Net::HTTP.new(uri.hostname, uri.port, nil)
      connection.use_ssl = uri.scheme == 'https'
      connection.open_timeout = connection.read_timeout = connection.write_timeout = @timeout_seconds
      # Net::HTTP would repeat a DELETE on its own, and the second one finds no kitten.
      connection.max_retries = 0
      connection
    end

    def request_for(method, uri)
      headers = { 'Authorization' => @key, 'Accept' => 'application/json', 'Accept-Encoding' => 'identity' }
      Net::HTTPGenericRequest.new(method, false, true, uri.request_uri, headers)
    end

    def refuse_redirect(status)
      return unless status.between?(300, 399)

      raise Error.new('redirect_refused', <<~TEXT.tr("\n", ' ').strip, status: status)
        The server answered #{status}, a redirect. It is not followed, so that the API key stays with the host it was
        given to. Check the base URL.
      TEXT
    end

    def body_of(answer, status)
      body = ''.b
      answer.read_body do |part|
        body << part
        next if body.bytesize <= ANSWER_LIMIT_BYTES

        raise Error.new('answer_too_large', "The answer is longer than #{ANSWER_LIMIT_BYTES} bytes.", status: status)
      end
      # Net::HTTP takes the end of the connection for the end of the answer.
      raise EOFError, 'the answer was cut off' if answer.content_length.to_i > body.bytesize

      body
    end

    def understood(status, body)
      succeeded = status.between?(200, 299)
      value = parsed(body)
      return value if succeeded && !NOT_JSON.equal?(value)

      refusal = value['error'] if value.is_a?(Hash)
      raise_refusal(status, refusal) if !succeeded && refusal.is_a?(Hash)
      raise_not_understood(status)
    end

    def raise_refusal(status, refusal)
      code, message, field, expected = refusal.values_at('code', 'message', 'field', 'expected')
                                              .map { |value| value if value.is_a?(String) }
      raise Error.new(code, message, status: status, field: field, expected: expected) if code && message
    end

    def raise_not_understood(status)
      raise Error.new('answer_not_understood', <<~TEXT.tr("\n", ' ').strip, status: status)
        The server answered #{status}, but not in the API's JSON. Check the base URL, and what stands in front of the
        server.
      TEXT
    end

    def parsed(body)
      text = body.force_encoding(Encoding::UTF_8)
      text.valid_encoding? ? JSON.parse(text) : NOT_JSON
    rescue JSON::ParserError
      # An error page is no surprise; who asked is told what came instead.
      NOT_JSON
    end
  end
end
