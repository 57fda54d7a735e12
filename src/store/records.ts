import type { Kysely } from 'kysely'
import { type Accounts, accounts } from './control/accounts.ts'
import { type ApiKeys, apiKeys } from './control/api-keys.ts'
import { type Authorizations, authorizations } from './control/authorizations.ts'
import { type Clients, clients } from './control/clients.ts'
import { type Kittens, kittens } from './control/kittens.ts'
import { type Members, members } from './control/members.ts'
import { type Memberships, memberships } from './control/memberships.ts'
import { type PostCharges, postCharges } from './control/post-charges.ts'
import { type Posts, posts } from './control/posts.ts'
import { type Sessions, sessions } from './control/sessions.ts'
import { type Triggers, triggers } from './control/triggers.ts'
import { type Webhooks, webhooks } from './control/webhooks.ts'
import type { Tables } from './tables.ts'

/** Everything that is kept and asked for beside events and their deliveries; each method is one promise. */
export type Records = {
  accounts: Accounts
  sessions: Sessions
  keys: ApiKeys
  clients: Clients
  authorizations: Authorizations
  webhooks: Webhooks
  triggers: Triggers
  memberships: Memberships
  members: Members
  posts: Posts
  postCharges: PostCharges
  kittens: Kittens
}

/** The half of the records that changes nothing. Whatever finds, lists or counts is named so. */
export type Readings = { [Name in keyof Records]: Reading<Records[Name]> }

type Reading<Part> = {
  [Method in keyof Part as Method extends `find${string}` | `list${string}` | `count${string}`
    ? Method
    : never]: Part[Method]
}

/** The records over one connection. */
export function recordsOn(db: Kysely<Tables>): Records {
  return {
    accounts: accounts(db),
    sessions: sessions(db),
    keys: apiKeys(db),
    clients: clients(db),
    authorizations: authorizations(db),
    webhooks: webhooks(db),
    triggers: triggers(db),
    memberships: memberships(db),
    members: members(db),
    posts: posts(db),
    postCharges: postCharges(db),
    kittens: kittens(db),
  }
}
