/** The pages, and what else a browser or a machine looks at. */
import { callback } from './makers.ts'
import type { Row } from './table.ts'

/** Forms that are not from here, and sent all the same. */
const forged = { as: ['forger'] } as const

const query = `client_id={clientId}&response_type=code&redirect_uri=${encodeURIComponent(callback)}`

/** All of them. */
export const pageRows: readonly Row[] = [
  ['GET    /', 'anybody', null, { finds: ['pat', 'cleo’s patron’s dollars'] }],
  ['GET    /bePatron?c={campaign}', 'anybody', null],
  ['GET    /checkout/{campaign}', 'anybody', null],
  ['GET    /user?u={creator}', 'anybody', null],

  ['GET    /login', 'anybody', null],
  [
    'POST   /login',
    'nobody at all',
    401,
    { form: { email: '{email}', password: 'a guess of a password' }, as: ['rob'] },
  ],
  ['POST   /logout', 'everybody', null, { form: {}, ...forged }],
  ['GET    /welcome/{link}', 'anybody', null, { isOnce: true }],
  ['POST   /welcome/{link}', 'everybody', null, { form: { password: 'a few other words' }, ...forged }],

  ['GET    /c/{vanity}', 'anybody', null, { finds: ['pat', 'cleo’s patron’s dollars'] }],
  ['POST   /c/{vanity}/pledge', 'pat', 409, { form: { pledge: '{pledge}', amount: '6' } }],
  ['POST   /c/{vanity}/cancellation', 'pat', 409, { form: { pledge: '{pledge}' } }],
  ['POST   /c/{vanity}/membership', 'pat | rob | zoe', 403, { form: {} }],
  ['POST   /c/{vanity}/departure', 'pat', 404, { form: { member: '{follower}' }, sees: 'cleo' }],

  ['GET    /oauth2/authorize', 'everybody', null, { query }],
  ['POST   /oauth2/authorize', 'everybody', null, { query, form: { decision: 'allow' } }],
  ['GET    /oauth2/become-patron', 'everybody', null, { query }],
  ['POST   /oauth2/become-patron', 'everybody', null, { query, form: { amount: '6' } }],
  ['GET    /oauth2/errors?error=invalid_request', 'anybody', null, { status: 400 }],

  ['GET    /assets/pages.css', 'anybody', null],
  ['GET    /assets/portrait.svg', 'anybody', null],
  ['GET    /assets/cover.svg', 'anybody', null],
  ['GET    /health/live', 'anybody', null],
]
