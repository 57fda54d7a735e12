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

  // The creator's pages.
  ['GET    /campaigns/new', 'everybody', null],
  ['POST   /campaigns/new', 'everybody', null, { form: { creation_name: 'New', vanity: 'new{anybody}' } }],
  ['GET    /c/{vanity}/manage', 'cleo', 403],
  ['GET    /c/{vanity}/manage/details', 'cleo', 403, { finds: ['cleo', 'cleo’s thanks'] }],
  [
    'POST   /c/{vanity}/manage/details',
    'cleo',
    403,
    { form: { creation_name: 'New', thanks_msg: 'cleo-thanks-canary' } },
  ],
  ['GET    /c/{vanity}/manage/tiers', 'cleo', 403],
  ['GET    /c/{vanity}/manage/tiers/new', 'cleo', 403],
  ['POST   /c/{vanity}/manage/tiers/new', 'cleo', 403, { form: { title: 'New', amount: '7', newest: '{tier}' } }],
  ['GET    /c/{vanity}/manage/tiers/{tier}', 'cleo', 403],
  ['POST   /c/{vanity}/manage/tiers/{tier}', 'cleo', 403, { form: { title: 'New', amount: '7' } }],
  ['GET    /c/{vanity}/manage/posts', 'cleo', 403],
  ['GET    /c/{vanity}/manage/posts/new', 'cleo', 403],
  ['POST   /c/{vanity}/manage/posts/new', 'cleo', 403, { form: { title: 'New', newest: '{post}' } }],
  ['GET    /c/{vanity}/manage/posts/{post}', 'cleo', 403, { finds: ['cleo', 'cleo’s post'] }],
  ['POST   /c/{vanity}/manage/posts/{post}', 'cleo', 403, { form: { title: 'New' } }],
  ['GET    /c/{vanity}/manage/posts/{post}/deletion', 'cleo', 403],
  ['POST   /c/{vanity}/manage/posts/{post}/deletion', 'cleo', 403, { form: {} }],
  ['GET    /c/{vanity}/manage/members', 'cleo', 403, { finds: ['cleo', 'the name of pat'] }],
  ['GET    /c/{vanity}/manage/members/{member}', 'cleo', 403, { finds: ['cleo', 'cleo’s note'] }],
  ['POST   /c/{vanity}/manage/members/{member}/declines', 'cleo', 403, { form: {} }],
  ['POST   /c/{vanity}/manage/members/{declined}/recoveries', 'cleo', 403, { form: {} }],
  ['POST   /c/{vanity}/manage/members/{member}/refunds', 'cleo', 403, { form: {}, status: 409 }],
  ['POST   /c/{vanity}/manage/members/{member}/note', 'cleo', 403, { form: { note: 'new' } }],
  ['GET    /posts/{post}', 'anybody', null, { finds: ['pat', 'cleo’s post'] }],

  // The patron's pages.
  ['POST   /c/{vanity}/following', 'pat | rob | zoe', 403, { form: {} }],
  ['POST   /c/{vanity}/payment', 'pat', 404, { form: { member: '{declined}' } }],
  ['POST   /c/{vanity}/trial', 'pat | rob | zoe', 403, { form: { tier: '{tier}', days: '7' } }],
  ['GET    /c/{vanity}/gift', 'everybody', null],
  [
    'POST   /c/{vanity}/gift',
    'zoe',
    403,
    { form: { email: 'who{anybody}@example.test', tier: '{tier}', months: '1' }, as: ['zoe', 'forger'] },
  ],
  ['GET    /memberships', 'everybody', null, { finds: ['pat', 'cleo’s patron’s dollars'] }],
  ['GET    /memberships/{member}', 'pat', 404, { finds: ['pat', 'cleo’s patron’s dollars'] }],
  ['GET    /address', 'everybody', null, { finds: ['pat', 'the city of pat'] }],
  ['POST   /address', 'rob | zoe', null, { form: { city: 'X', country: 'DE' }, as: ['rob', 'nobody', 'forger'] }],

  ['GET    /oauth2/authorize', 'everybody', null, { query }],
  ['POST   /oauth2/authorize', 'everybody', null, { query, form: { decision: 'allow' } }],
  ['GET    /oauth2/become-patron', 'everybody', null, { query }],
  ['POST   /oauth2/become-patron', 'everybody', null, { query, form: { amount: '6' } }],
  ['GET    /oauth2/errors?error=invalid_request', 'anybody', null, { status: 400 }],

  ['GET    /assets/pages.css', 'anybody', null],
  ['GET    /assets/portrait.svg', 'anybody', null],
  ['GET    /assets/cover.svg', 'anybody', null],
  ['POST   /clock/moves', 'operator', 403, { form: { to: 'day' }, status: 409 }],
  ['GET    /media/{image}', 'anybody', null],
  ['GET    /health/live', 'anybody', null],
  ['GET    /health/ready', 'anybody', null],
]
