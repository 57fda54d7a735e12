import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A key with its certificate, in PEM. */
export type Pair = { key: string; cert: string }

/** An authority that lasts for a test file. */
export type Authority = {
  /** The root to trust. */
  ca: string
  /** Signs a certificate for some names; a negative number of days is long past. */
  certify: (subjectAltName: string, days?: number) => Pair
  /** A certificate that vouches for itself. */
  selfSigned: (subjectAltName: string) => Pair
  remove: () => void
}

/** Makes an authority with the openssl command, in a folder of its own. */
export function anAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'))
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test Root')

  return {
    ca: read('ca.pem'),
    certify(subjectAltName, days = 2) {
      openssl('req', ...newKey, '-keyout', 'its.key', '-out', 'its.csr', '-subj', '/CN=receiver')
      writeFileSync(join(folder, 'its.ext'), `subjectAltName=${subjectAltName}`)
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', String(days)]
      openssl('x509', '-req', '-in', 'its.csr', ...signed, '-extfile', 'its.ext', '-out', 'its.pem')
      return { key: read('its.key'), cert: read('its.pem') }
    },
    selfSigned(subjectAltName) {
      const named = ['-subj', '/CN=receiver', '-addext', `subjectAltName=${subjectAltName}`]
      openssl('req', '-x509', ...newKey, '-keyout', 'own.key', '-out', 'own.pem', '-days', '2', ...named)
      return { key: read('own.key'), cert: read('own.pem') }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
