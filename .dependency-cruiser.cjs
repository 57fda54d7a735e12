// The import law: what each room may import, written out. What is not in the table is refused, so a new room, a new
// package or a new arrow begins here, where a reviewer sees it. Types count like values.

const contracts = [
  'journal/journal',
  'store/store',
  'store/command',
  'store/records',
  'store/listener',
  'store/tables',
  'store/secret-places',
  'transport/transport',
]

/** A name ending in `/` is a room with all its files, any other one file of src; `npm:` and `node:` say themselves. */
const law = {
  'domain/': ['domain/', 'node:crypto'],
  clock: ['domain/time', 'node:crypto', 'npm:uuid'],

  'journal/journal': ['domain/'],
  'store/store': ['domain/', 'clock', ...contracts],
  'store/command': ['domain/', 'clock', 'store/records'],
  'store/listener': ['domain/'],
  'store/tables': ['npm:kysely'],
  'store/secret-places': ['domain/'],
  'store/records': ['store/control/', 'store/tables', 'npm:kysely'],
  'store/control/': ['store/control/', 'domain/', 'clock', 'store/tables', 'npm:kysely'],
  'store/migrations/': ['store/migrations/', 'npm:kysely'],
  'store/outcome-columns': ['domain/', 'store/header-text'],
  'transport/transport': ['domain/'],

  // Adapters: each knows its contract, none knows another. SQLite's journal and store are one file on disk.
  'store/sqlite/': [
    ...['store/sqlite/', 'domain/', 'clock', ...contracts, 'store/migrations/', 'store/outcome-columns', 'npm:kysely'],
    ...['node:events', 'node:fs', 'node:worker_threads'],
  ],
  'store/sqlite/database': ['npm:@photostructure/sqlite'],
  'journal/sqlite': ['domain/', 'clock', 'journal/journal', 'store/sqlite/'],
  'transport/': [
    ...['transport/', 'domain/', 'clock', 'npm:undici', 'npm:ipaddr.js'],
    ...['node:dns', 'node:fs', 'node:fs/promises', 'node:net', 'node:os', 'node:tls'],
  ],

  // The pipeline, in the order in which an event passes through it: nothing calls backwards.
  'pipeline/budget': ['domain/refusal', 'domain/time', 'clock'],
  'pipeline/accept': ['domain/', 'clock', 'journal/journal', 'pipeline/budget', 'node:buffer'],
  'pipeline/fan-out': [
    ...['domain/', 'clock', 'journal/journal', 'store/store'],
    ...['pipeline/lanes', 'pipeline/listening', 'pipeline/progress', 'pipeline/settle'],
  ],
  'pipeline/lanes': ['domain/event', 'domain/time', 'pipeline/patience', 'pipeline/work'],
  'pipeline/patience': ['domain/time'],
  'pipeline/deliver': [
    ...['domain/', 'clock', 'transport/transport', 'node:buffer'],
    ...['pipeline/listening', 'pipeline/settle', 'pipeline/work'],
  ],
  'pipeline/settle': ['domain/', 'clock', 'store/store', 'pipeline/work'],
  'pipeline/due': ['domain/', 'clock', 'store/store', 'pipeline/bell', 'pipeline/lanes', 'pipeline/settle'],
  'pipeline/prune': ['domain/', 'clock', 'store/store'],
  'pipeline/listening': ['domain/', 'store/listener', 'store/store'],
  'pipeline/progress': ['domain/'],
  'pipeline/work': ['domain/'],
  'pipeline/bell': ['clock', 'domain/time'],
  'pipeline/onlookers': ['domain/', 'store/store'],
  'pipeline/engine': ['clock', 'domain/outcome', 'domain/time', ...contracts, 'pipeline/'],

  // What people do, and the events that this causes.
  'membership/': ['membership/', 'domain/', 'clock', ...contracts, 'node:assert/strict'],
  'kittens/': ['kittens/', 'domain/', 'clock', ...contracts],
  'oauth/': ['oauth/', 'domain/', 'clock', ...contracts, 'store/control/authorizations', 'node:crypto'],
  'registration/': ['registration/', 'domain/', 'clock', ...contracts, 'kittens/examples', 'membership/examples'],
  'registration/clients': ['oauth/creator-tokens', 'oauth/tokens'],
  'accounts/': ['accounts/', 'domain/', 'clock', ...contracts, 'registration/secrets'],
  'accounts/first-start': ['config'],
  commands: ['accounts/', 'kittens/', 'membership/', 'oauth/', 'registration/', 'store/command'],

  // The doors in.
  'pages/': [
    ...[
      'pages/',
      'domain/',
      'clock',
      'log',
      'passage',
      ...contracts,
      'accounts/',
      'membership/',
      'oauth/',
      'npm:fastify',
    ],
    ...['npm:@fastify/csrf-protection', 'npm:@fastify/rate-limit', 'npm:@fastify/session'],
  ],
  'http/': [
    ...[
      'http/',
      'pages/',
      'domain/',
      'clock',
      'log',
      'passage',
      ...contracts,
      'pipeline/accept',
      'pipeline/budget',
      'node:assert/strict',
      'node:crypto',
    ],
    ...['accounts/', 'kittens/', 'membership/', 'oauth/', 'registration/'],
    ...['npm:fastify', 'npm:@fastify/', 'npm:fastify-type-provider-zod', 'npm:zod'],
  ],
  'http/listen': ['node:events', 'node:net'],
  'http/server': ['node:http', 'node:net'],
  'http/short-way': ['node:http', 'node:net'],
  routes: ['http/', 'pages/', 'npm:fastify'],

  // The wiring and its threads.
  config: ['domain/secret', 'node:path'],
  log: ['config', 'domain/visible-text', 'npm:pino'],
  'movable-clock': ['domain/time', 'clock'],
  passage: [
    ...['domain/', 'clock', 'movable-clock', 'store/store', 'membership/due-charges'],
    ...['pipeline/engine', 'pipeline/turn'],
  ],
  'data-folder': ['domain/', 'clock', 'node:fs', 'node:path'],
  'writer-thread': ['clock', 'commands', 'store/sqlite/', 'node:worker_threads'],
  'checkpoint-thread': ['clock', 'store/sqlite/', 'node:worker_threads'],
  main: ['', 'npm:@node-rs/argon2', 'node:'],

  // The hand: it talks to a server through the public API, and starts one.
  'cli/': [
    ...['cli/', 'clock', 'domain/money', 'domain/time', 'domain/visible-text', 'config', 'data-folder', 'node:'],
    ...['npm:ansis', 'npm:cli-table3', 'npm:commander', 'npm:openapi-fetch', 'npm:zod'],
  ],
  'cli/start-up': ['main', 'domain/cannot-start'],
  'cli/dev': ['main'],
  // The demo has a key that everybody knows and its kittens at once; no API gives that away.
  'cli/demo/play': ['main', 'accounts/commands', 'kittens/commands'],
}

const escaped = (text) => text.replaceAll(/[.\\^$*+?()[\]{}|/]/g, String.raw`\$&`)

function pattern(name) {
  if (name.startsWith('npm:'))
    return `(^|/)node_modules/${escaped(name.slice('npm:'.length))}${name.endsWith('/') ? '' : '/'}`
  if (name === 'node:') return '^(node:)?[a-z_/]+$'
  if (name.startsWith('node:')) return `^(node:)?${escaped(name.slice('node:'.length))}$`
  return `^src/${escaped(name)}${name === '' || name.endsWith('/') ? '' : '\\.ts$'}`
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  allowedSeverity: 'error',
  allowed: Object.entries(law).map(([room, mayImport]) => ({
    from: { path: pattern(room) },
    to: { path: mayImport.map(pattern) },
  })),
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-dead-ends', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
