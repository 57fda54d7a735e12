/** Patreon's API in both versions, and the calls by which clients get tokens. */
import { kinds } from '#src/http/patreon-v2/kinds.ts'
import { callback } from './makers.ts'
import { twice } from './rows-api.ts'
import type { Row } from './table.ts'

/** Every attribute of every kind. */
const whole = Object.entries(kinds)
  .map(([kind, { attributes }]) => `fields[${kind}]=${attributes.join(',')}`)
  .join('&')

/** Every way from a member to somebody else. */
const around =
  'user.memberships.campaign,address,campaign.creator.campaign.tiers,currently_entitled_tiers,pledge_history'
const memberships = around.split(',').map((way) => `memberships.${way}`)

const withPatrons = { query: 'include=pledges.patron,pledges.address,creator' }
const withEverybody = {
  query: 'include=campaign.pledges.patron,campaign.pledges.address,pledges.campaign.creator,pledges.address',
}

const versionOne: readonly Row[] = [
  ['GET    /oauth2/api/current_user', 'everybody', null, { finds: ['cleo', 'the e-mail address of cleo'] }],
  ['GET    /oauth2/api/current_user', 'everybody', null, { ...withEverybody, finds: ['cleo', 'the city of pat'] }],
  [
    'GET    /oauth2/api/current_user/campaigns',
    'everybody',
    null,
    { ...withPatrons, finds: ['cleo', 'the name of pat'] },
  ],
  [
    'GET    /oauth2/api/campaigns/{campaign}',
    'everybody',
    null,
    { ...withPatrons, finds: ['cleo', 'the city of pat'] },
  ],
  ['GET    /oauth2/api/campaigns/{campaign}/pledges', 'cleo | cleo@rob', 403, { finds: ['cleo', 'the city of pat'] }],
]

const told = { secretsFor: 'everybody', finds: ['cleo', 'cleo’s hook'] } as const
const hook = { type: 'webhook', attributes: { uri: '{receiver}', triggers: ['posts:delete'] } }
const newHook = { data: { ...hook, relationships: { campaign: { data: { type: 'campaign', id: '{campaign}' } } } } }
const changedHook = { data: { ...hook, id: '{hook}' } }

const newClient = {
  data: { type: 'oauth-client', attributes: { name: 'New', description: '', redirect_uris: callback } },
}

const asked = (include: string) => ({ query: `${whole}&include=${include}` })
const withMembers = { ...asked(around), finds: ['cleo', 'the city of pat'] } as const

const versionTwo: readonly Row[] = [
  ['GET    /oauth2/v2/identity', 'everybody', null, asked(`campaign,${memberships.join()}`)],
  ['GET    /oauth2/v2/campaigns', 'everybody', null, asked('creator.memberships,tiers,benefits')],
  ['GET    /oauth2/v2/campaigns/{campaign}', 'cleo | cleo@rob', 403, asked('creator,tiers')],
  ['GET    /oauth2/v2/campaigns/{campaign}/members', 'cleo | cleo@rob', 403, withMembers],
  [
    'GET    /oauth2/v2/campaigns/{campaign}/posts',
    'cleo | cleo@rob',
    200,
    { known: 'as Patreon: others have no posts' },
  ],
  ['GET    /oauth2/v2/members/{member}', 'cleo | cleo@rob | pat | pat@cleo', 404, withMembers],
  [
    'GET    /oauth2/v2/posts/{post}',
    'cleo | cleo@rob',
    403,
    { ...asked('user,campaign'), finds: ['cleo', 'cleo’s post'] },
  ],

  ['GET    /oauth2/v2/clients', 'everybody', null, { query: whole, finds: ['cleo', 'cleo’s client'] }],
  ['POST   /oauth2/v2/clients', 'everybody', null, { body: newClient }],
  ['GET    /oauth2/v2/clients/{clientId}', 'cleo | cleo@rob', 404, { query: whole, finds: ['cleo', 'cleo’s client'] }],
  ['DELETE /oauth2/v2/clients/{clientId}', 'cleo | cleo@rob', 404],

  ['GET    /oauth2/v2/webhooks', 'everybody', null, { ...asked('client,campaign'), ...told }],
  ['POST   /oauth2/v2/webhooks', 'cleo | cleo@rob', 403, { body: newHook }],
  ['GET    /oauth2/v2/webhooks/{hook}', 'cleo', 404, { ...asked('client,campaign'), ...told }],
  ['PATCH  /oauth2/v2/webhooks/{hook}', 'cleo', 404, { body: changedHook, secretsFor: 'cleo' }],
  ['DELETE /oauth2/v2/webhooks/{hook}', 'cleo', 404],
]

const grant = { grant_type: 'authorization_code', redirect_uri: callback }
const inQuery = new URLSearchParams(grant).toString()
const refresh = { grant_type: 'refresh_token', refresh_token: '{refreshToken}' }
const revoked = { body: { token: '{accessToken}' }, known: 'RFC 7009 §2.1: the client is told' } as const

const tokens: readonly Row[] = [
  ['GET    /oauth2/token', 'client', 401, { query: `${inQuery}&code={code}`, isOnce: true }],
  ['POST   /oauth2/token', 'client', 401, { form: { ...grant, code: '{code}' } }],
  ['POST   /oauth2/token', 'client', 401, { body: refresh }],
  ['POST   /oauth2/token/revoke', 'client', 401, revoked],
  ['POST   /oauth2/revoke', 'client', 401, revoked],
]

/** All of them, at both of Patreon's hosts. */
export const patreonRows: readonly Row[] = twice([...versionOne, ...versionTwo, ...tokens])
