# frozen_string_literal: true

# Runs a file of vectors through the Ruby client, as javascript.mjs does.

require 'json'
require 'kittn'

KIND, FILE, STUB_URL, REFUSED_URL = ARGV

def body_of(given)
  given['text'] || given['json'] || given['base64'].unpack1('m0')
end

def verified(given)
  options = given.slice('secret', 'whsec', 'now', 'tolerance').transform_keys(&:to_sym)
  options[:seen] = ->(id) { given['seen'].include?(id) } if given.key?('seen')
  delivery = Kittn.verify(body_of(given['body']), given['headers'], **options)
  { 'id' => delivery.id, 'trigger' => delivery.trigger, 'timestamp' => delivery.timestamp, 'data' => data_of(delivery) }
end

def data_of(delivery)
  delivery.data
rescue Kittn::WebhookVerificationError => e
  { 'error' => e.code }
end

def asked(given, index)
  verb, *ids = given['call']
  host = given.dig('answer', 'refused') ? REFUSED_URL : "#{STUB_URL}/#{index}"
  base_url = given.fetch('baseUrl', host + given.fetch('base', '/api'))
  options = given.key?('timeoutSeconds') ? { timeout_seconds: given['timeoutSeconds'] } : {}
  api = Kittn::APIClient.authorize!(given.fetch('key', 'meowmeowmeow'), base_url: base_url, **options)
  { 'result' => api.kittens.public_send(verb, *ids) }
end

def ran(given, index)
  [KIND == 'verify' ? verified(given) : asked(given, index), nil]
rescue Kittn::WebhookVerificationError => e
  [{ 'error' => e.code }, e.message]
rescue Kittn::Error => e
  [{ 'error' => { 'status' => e.status, 'code' => e.code, 'field' => e.field, 'expected' => e.expected } }, e.message]
rescue ArgumentError => e
  [{ 'error' => 'programming_error' }, e.message]
end

if KIND == 'codes'
  puts JSON.generate(kittn: Kittn::CODES, verification: Kittn::VERIFICATION_CODES)
else
  JSON.parse(File.read(FILE, encoding: 'UTF-8')).each_with_index do |given, index|
    next if given.fetch('without', []).include?('ruby')

    got, message = ran(given, index)
    puts JSON.generate(name: given['name'], ok: got == given['expect'], got: got, message: message)
  end
end
