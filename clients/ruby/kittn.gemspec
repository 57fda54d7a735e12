# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = 'kittn'
  spec.version = '0.1.0'
  spec.summary = 'The kittens API and the check of received webhooks, for Ruby.'
  spec.authors = ['The Tidings authors']
  spec.license = 'Apache-2.0'
  spec.required_ruby_version = '>= 3.0'
  spec.files = Dir['lib/**/*.rb'] + ['README.md']
end
