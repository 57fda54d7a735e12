/** Every setting of Tidings, in one table: it gives parsing, the `Config` type, `--help` and the manual's page. */
import { resolve } from 'node:path'
import { Secret } from './domain/secret.ts'

type Setting<Value> = {
  /** Throws with what would be right. */
  read: (text: string) => Value
  fallback: Value
  about: string
  /** What it says is told to nobody, not even where it is wrong. */
  isSecret?: true
}

const text = (value: string): string => value

const secretText = (value: string): Secret<string> => new Secret(value)

function port(value: string): number {
  const number = Number(value)
  if (/^\d{1,5}$/.test(value) && number <= 65_535) return number
  throw new Error('a number from 0 to 65535 (0: any free port)')
}

function url(value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : null
  if (parsed !== null && /^https?:$/.test(parsed.protocol)) return parsed.href.replace(/\/$/, '')
  throw new Error('an http or https URL, such as https://hooks.example.com')
}

function networks(value: string): string[] {
  const list = value.split(',').map((network) => network.trim())
  if (list.every((network) => /^[0-9a-f:.]+\/\d{1,3}$/i.test(network))) return list
  throw new Error('networks in CIDR form, such as 10.1.0.0/16,127.0.0.0/8')
}

/** Strict, because Node reads base64 out of anything: a sentence would pass for a key that nobody had to guess for long. */
function key(value: string): Secret<Buffer> {
  if (/^[A-Za-z0-9+/]{43}=?$/.test(value)) return new Secret(Buffer.from(value, 'base64'))
  throw new Error('32 bytes in base64; `openssl rand -base64 32` makes them')
}

function onOrOff(value: string): boolean {
  if (value === 'on' || value === 'off') return value === 'on'
  throw new Error('on or off')
}

function clockKind(value: string): ClockKind {
  if (value === 'machine' || value === 'movable') return value
  throw new Error('machine or movable')
}

/** Whose time the server lives by: the machine's, or one that somebody may move ahead of it. */
export type ClockKind = 'machine' | 'movable'

function logLevel(value: string): LogLevel {
  const level = logLevels.find((name) => name === value)
  if (level !== undefined) return level
  throw new Error(`one of ${logLevels.join(', ')}`)
}

const logLevels = ['silent', 'error', 'warn', 'info', 'debug'] as const
/** How much is logged. */
export type LogLevel = (typeof logLevels)[number]

/** The table. */
export const settings = {
  TIDINGS_HOST: { read: text, fallback: '127.0.0.1', about: 'address that the server listens on' },
  TIDINGS_PORT: { read: port, fallback: 8080, about: 'port that the server listens on' },
  TIDINGS_PUBLIC_URL: {
    read: url,
    fallback: null,
    about: 'how the server is reached from outside; links begin with it (default: its own address)',
  },
  TIDINGS_DOCUMENT_URL: {
    read: url,
    fallback: null,
    about:
      'what links in Patreon’s documents begin with; https://www.patreon.com makes them comparable byte by byte (default: as above)',
  },
  TIDINGS_DATA: { read: (path) => resolve(path), fallback: resolve('data'), about: 'folder that holds everything' },
  TIDINGS_KEY: {
    read: key,
    fallback: null,
    isSecret: true,
    about: 'key that seals secrets, 32 bytes in base64 (default: made once and kept in the data folder)',
  },
  TIDINGS_ALLOW_PRIVATE: {
    read: networks,
    fallback: [],
    about:
      'networks that receivers may be in beside the public ones, such as 10.1.0.0/16, or this machine’s own address (`tidings dev` adds loopback)',
  },
  TIDINGS_OPERATOR_EMAIL: {
    read: text,
    fallback: 'operator@localhost',
    about: 'e-mail address of the operator account that the first start makes',
  },
  TIDINGS_OPERATOR_PASSWORD: {
    read: secretText,
    fallback: null,
    isSecret: true,
    about: 'password of that account (default: a one-time link is printed to choose one)',
  },
  TIDINGS_PATREON_LIMITS: {
    read: onOrOff,
    fallback: false,
    about:
      'whether Patreon’s API refuses what Patreon does: more than 100 requests of a client in 2 s or 100 with a token in a minute, and any without User-Agent (on or off)',
  },
  TIDINGS_CHARGES: {
    read: onOrOff,
    fallback: true,
    about:
      'whether members are charged by themselves when their time comes; off: only when `tidings charges run` asks for it (on or off)',
  },
  TIDINGS_CLOCK: {
    read: clockKind,
    fallback: 'machine',
    about:
      'the clock that the server lives by: the machine’s own, or one that `tidings clock move` moves ahead, to try out what time brings (machine or movable; `tidings dev` sets movable)',
  },
  TIDINGS_LOG: { read: logLevel, fallback: 'info', about: `what is logged: ${logLevels.join(', ')}` },
} as const satisfies Record<string, Setting<string> | Setting<unknown>>

/** The environment's settings, read and checked. */
export type Config = {
  host: string
  port: number
  publicUrl: string | null
  /** Null: as `publicUrl`. */
  documentUrl: string | null
  dataFolder: string
  key: Secret<Buffer> | null
  allowPrivate: readonly string[]
  operatorEmail: string
  operatorPassword: Secret<string> | null
  hasPatreonLimits: boolean
  /** Members are charged by themselves. */
  takesCharges: boolean
  clock: ClockKind
  log: LogLevel
}

/** All mistakes in the settings, each with what would be right. */
export class ConfigError extends Error {}

/** Reads the settings; all mistakes are reported together. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const mistakes: string[] = []

  function get<Value, Fallback>(
    name: keyof typeof settings,
    setting: { read: (text: string) => Value; fallback: Fallback; isSecret?: true },
  ) {
    const value = environment[name]
    if (value === undefined || value === '') return setting.fallback
    try {
      return setting.read(value)
    } catch (error) {
      const told = setting.isSecret === true ? 'not what it should be' : JSON.stringify(value)
      mistakes.push(`${name} is ${told}; it should be ${error instanceof Error ? error.message : ''}.`)
      return setting.fallback
    }
  }

  const config: Config = {
    host: get('TIDINGS_HOST', settings.TIDINGS_HOST),
    port: get('TIDINGS_PORT', settings.TIDINGS_PORT),
    publicUrl: get('TIDINGS_PUBLIC_URL', settings.TIDINGS_PUBLIC_URL),
    documentUrl: get('TIDINGS_DOCUMENT_URL', settings.TIDINGS_DOCUMENT_URL),
    dataFolder: get('TIDINGS_DATA', settings.TIDINGS_DATA),
    key: get('TIDINGS_KEY', settings.TIDINGS_KEY),
    allowPrivate: get('TIDINGS_ALLOW_PRIVATE', settings.TIDINGS_ALLOW_PRIVATE),
    operatorEmail: get('TIDINGS_OPERATOR_EMAIL', settings.TIDINGS_OPERATOR_EMAIL),
    operatorPassword: get('TIDINGS_OPERATOR_PASSWORD', settings.TIDINGS_OPERATOR_PASSWORD),
    hasPatreonLimits: get('TIDINGS_PATREON_LIMITS', settings.TIDINGS_PATREON_LIMITS),
    takesCharges: get('TIDINGS_CHARGES', settings.TIDINGS_CHARGES),
    clock: get('TIDINGS_CLOCK', settings.TIDINGS_CLOCK),
    log: get('TIDINGS_LOG', settings.TIDINGS_LOG),
  }
  for (const name of Object.keys(environment)) {
    if (name.startsWith('TIDINGS_') && !(name in settings) && !forTheCommandLine.includes(name)) {
      mistakes.push(`${name} is not a setting of Tidings.`)
    }
  }
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  return config
}

/** What only the command line reads: where the server is and with which key to ask it. */
const forTheCommandLine: readonly string[] = ['TIDINGS_URL', 'TIDINGS_API_KEY']

/** The settings as `--help` and the manual list them. */
export function settingsTable(): { name: string; fallback: string; about: string }[] {
  return Object.entries(settings).map(([name, { fallback, about }]) => ({
    name,
    fallback: shown(fallback),
    about,
  }))
}

function shown(fallback: string | number | boolean | readonly string[] | null): string {
  if (typeof fallback === 'boolean') return fallback ? 'on' : 'off'
  return typeof fallback === 'object' ? (fallback ?? []).join(',') : String(fallback)
}
