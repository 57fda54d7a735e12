import { describe, expect, test } from 'vitest'
import {
  type DestinationFaultCode,
  destinationOf,
  isLocalName,
  isServedPort,
  labelLengthLimit,
  plainSpelling,
  uriLengthLimit,
} from '#src/domain/destination.ts'

const path = (length: number) => 'https://example.com/'.padEnd(length, 'x')

describe('where a webhook may point', () => {
  test.each([
    ['https://example.com/hooks?key=1', 'example.com', 443, true],
    ['http://example.com', 'example.com', 80, false],
    ['https://example.com:8443/', 'example.com', 8443, true],
    ['http://example.com:3000/', 'example.com', 3000, false],
    ['https://b\u00fccher.example/', 'xn--bcher-kva.example', 443, true],
    ['https://example.com./', 'example.com.', 443, true],
  ])('%s is a destination', (uri, host, port, isSecure) => {
    expect(destinationOf(uri)).toMatchObject({ kind: 'destination', host, port, isSecure, isAddress: false })
  })

  test('an address is a destination as far as its URI goes, and is marked for the guard', () => {
    expect(destinationOf('http://0x7f.1/')).toMatchObject({ host: '127.0.0.1', isAddress: true })
    expect(destinationOf('http://[2606:4700::1]:8080/')).toMatchObject({
      host: '2606:4700::1',
      isAddress: true,
      port: 8080,
    })
  })

  test('the fragment, which no server ever sees, is dropped', () => {
    const destination = destinationOf('https://example.com/a#b')

    expect(destination.kind === 'destination' && destination.uri.href).toBe('https://example.com/a')
  })

  test.each<[string, DestinationFaultCode]>([
    ['', 'uri_malformed'],
    ['/hooks', 'uri_malformed'],
    ['example.com/hooks', 'uri_malformed'],
    ['mailto:cat@example.com', 'scheme_unsupported'],
    ['https://cat:meow@example.com/', 'credentials_in_uri'],
    ['https://cat@example.com/', 'credentials_in_uri'],
    ['https://localhost/', 'name_local'],
    ['https://printer.local/', 'name_local'],
    ['https://db/', 'name_local'],
    ['https://api.internal./', 'name_local'],
    ['https://nas.home.arpa/', 'name_local'],
    ['https://abc.onion/', 'name_local'],
    ['https://a..example.com/', 'name_malformed'],
    [`https://${'a'.repeat(labelLengthLimit + 1)}.example.com/`, 'name_malformed'],
    [`https://${'a.'.repeat(127)}com/`, 'name_malformed'],
    [`https://${'a.'.repeat(1_000)}com/`, 'name_malformed'],
    [path(65_536), 'uri_too_long'],
    ['https://example.com:22/', 'port_forbidden'],
    ['https://example.com:25/', 'port_forbidden'],
    ['https://example.com:6379/', 'port_forbidden'],
    ['https://example.com:5432/', 'port_forbidden'],
    ['https://example.com:11211/', 'port_forbidden'],
    ['https://example.com:1024/', 'port_forbidden'],
    ['https://example.com:0/', 'port_forbidden'],
    [path(uriLengthLimit + 1), 'uri_too_long'],
    [`https://example.com/${'\u00fc'.repeat(500)}`, 'uri_too_long'],
  ])('%s is refused as %s, and told what would be right', (uri, code) => {
    const fault = destinationOf(uri)

    expect(fault).toMatchObject({ kind: 'fault', code })
    expect(fault.kind === 'fault' && fault.advice).toMatch(/^[A-Z].{20,}\.$/)
  })

  test.each([
    ['https://example.com', 'https://example.com'],
    ['https://example.com/hooks?key=1', 'https://example.com/hooks?key=1'],
    ['https://ex\u0430mple.com/', 'https://xn--exmple-4nf.com/'],
    ['http://example.com\\@127.0.0.1/', 'http://example.com/@127.0.0.1/'],
    ['ht\ntp://example.com/', 'http://example.com/'],
    ['https://example.com/\u202egnp.exe', 'https://example.com/%E2%80%AEgnp.exe'],
    ['https://0x5d.0xb8d70e/', 'https://93.184.215.14/'],
  ])('D27 %s is kept as %s, so that nobody reads one host and reaches another', (given, kept) => {
    const destination = destinationOf(given)

    expect(destination.kind === 'destination' && plainSpelling(given, destination)).toBe(kept)
  })

  test('a URI and a label may be just as long as the limit', () => {
    expect(destinationOf(path(uriLengthLimit)).kind).toBe('destination')
    expect(destinationOf(`https://${'a'.repeat(labelLengthLimit)}.example.com/`).kind).toBe('destination')
  })

  test('local names are destinations where an operator opened networks of their own', () => {
    expect(destinationOf('http://localhost:3000/', { allowsLocalNames: true }).kind).toBe('destination')
    expect(destinationOf('http://hooks.internal/', { allowsLocalNames: true }).kind).toBe('destination')
    expect(destinationOf('http://localhost:22/', { allowsLocalNames: true })).toMatchObject({ code: 'port_forbidden' })
  })

  test('a name is local by its last part, not by what it contains', () => {
    expect(isLocalName('local.example.com')).toBe(false)
    expect(isLocalName('notlocal.com')).toBe(false)
    expect(isLocalName('A.LOCAL')).toBe(true)
  })

  test('ports of the web and free ports are served', () => {
    expect([80, 443, 8080, 8443, 1025, 65_535].every(isServedPort)).toBe(true)
    expect([0, 21, 81, 1024, 65_536, 27_017].some(isServedPort)).toBe(false)
  })
})
