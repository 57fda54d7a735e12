// The two ends of shell.sh: cases become scripts, and what the scripts left behind becomes JSON lines.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

const [step, work, kind, file, stubUrl, refusedUrl] = process.argv.slice(2)
const kittn = fileURLToPath(new URL('../../../clients/shell/kittn', import.meta.url))

const cases = JSON.parse(readFileSync(file, 'utf8'))
  .map((given, index) => ({ ...given, index, folder: join(work, String(index)) }))
  .filter((given) => !given.without?.includes('shell'))

const quoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`

function script(settings, words) {
  const exports = Object.entries(settings).map(([name, value]) => `export ${name}=${quoted(value)}\n`)
  return `${exports.join('')}exec ${[kittn, ...words].map(quoted).join(' ')}\n`
}

function writeVerify({ index, folder, body, headers, secret, whsec, now, tolerance, seen }) {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}\r\n`))
  writeFileSync(join(folder, 'headers'), lines.join(''))
  // The body is read from a file as well as from standard input, in turn.
  const fromFile = index % 2 === 0
  writeFileSync(join(folder, fromFile ? 'body' : 'stdin'), body.text ?? Buffer.from(body.base64, 'base64'))
  if (fromFile) writeFileSync(join(folder, 'stdin'), '')

  const words = ['verify', '--now', now]
  if (tolerance !== undefined) words.push('--tolerance', tolerance)
  if (seen !== undefined) {
    writeFileSync(join(folder, 'seen'), seen.map((id) => `${id}\n`).join(''))
    words.push('--seen', 'seen')
  }
  const keys = {
    ...(secret === undefined ? {} : { KITTN_SECRET: secret }),
    ...(whsec === undefined ? {} : { KITTN_WHSEC: whsec }),
  }
  return script(keys, [...words, 'headers', ...(fromFile ? ['body'] : [])])
}

function writeKittens({ index, folder, call, key, base, baseUrl, answer, timeoutSeconds }) {
  writeFileSync(join(folder, 'stdin'), '')
  const host = answer?.refused ? refusedUrl : `${stubUrl}/${index}`
  const settings = { KITTN_API_KEY: key ?? 'meowmeowmeow', KITTN_API_URL: baseUrl ?? host + (base ?? '/api') }
  if (timeoutSeconds !== undefined) settings.KITTN_TIMEOUT_SECONDS = timeoutSeconds
  return script(settings, call)
}

function outcome({ folder }) {
  const [out, err, ended] = ['out', 'err', 'ended'].map((name) => readFileSync(join(folder, name), 'utf8').trim())
  if (ended === '0') return { got: kind === 'verify' ? JSON.parse(out) : { result: JSON.parse(out) } }
  if (ended === '2') return { got: { error: 'programming_error' }, message: err }

  const [, code, status, told] = /^kittn: ([a-z_]+): (?:(\d{3}): )?(.*)$/.exec(err) ?? [null, `unreadable: ${err}`]
  if (kind === 'verify') return { got: { error: code }, message: told }
  const { message = told, field = null, expected = null } = told?.startsWith('{') ? JSON.parse(told).error : {}
  return { got: { error: { status: status ? Number(status) : null, code, field, expected } }, message }
}

for (const given of cases) {
  if (step === 'write') {
    mkdirSync(given.folder)
    writeFileSync(join(given.folder, 'run'), kind === 'verify' ? writeVerify(given) : writeKittens(given))
  } else {
    // The body stays the file it was, so there is no parsed one to compare.
    const { data, ...expected } = given.expect
    const { got, message } = outcome(given)
    console.log(JSON.stringify({ name: given.name, ok: isDeepStrictEqual(got, expected), got, message }))
  }
}
