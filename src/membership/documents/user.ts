import { type Account, namesOf } from '../../domain/account.ts'
import { type Attributes, type Resource, toOne } from './json-api.ts'
import { timestamp } from './timestamp.ts'

/** An account beside the campaign that it is known for. */
export type Person = { account: Account; campaignId: string | null }

/** How much of a user is shown: to itself, to the creator it is a patron of, to anybody (wire.md §5.1). */
export type UserView = 'own' | 'patron' | 'public'

/** A user with the attributes that whoever looks may see. */
export function userResource(person: Person, view: UserView, linkBase: string): Resource {
  return {
    type: 'user',
    id: person.account.id,
    attributes: attributesIn(view, person.account, linkBase),
    relationships: { campaign: toOne('campaign', person.campaignId, linkBase) },
  }
}

function attributesIn(view: UserView, account: Account, linkBase: string): Attributes {
  switch (view) {
    case 'own':
      return { ...publicAttributes(account, linkBase), ...patronAttributes(account), ...ownAttributes }
    case 'patron':
      return { ...publicAttributes(account, linkBase), ...patronAttributes(account) }
    case 'public':
      return publicAttributes(account, linkBase)
  }
}

function publicAttributes(account: Account, linkBase: string): Attributes {
  const { firstName, lastName } = namesOf(account)
  return {
    about: '',
    created: timestamp(account.createdAt),
    facebook: null,
    first_name: firstName,
    full_name: account.fullName,
    gender: 0,
    image_url: `${linkBase}/assets/portrait.svg`,
    last_name: lastName,
    thumb_url: `${linkBase}/assets/portrait.svg`,
    twitch: null,
    twitter: null,
    url: `${linkBase}/user?u=${account.id}`,
    vanity: account.vanity,
    youtube: null,
  }
}

const patronAttributes = (account: Account): Attributes => ({
  email: account.email,
  is_email_verified: true,
  social_connections: {
    deviantart: null,
    discord: null,
    facebook: null,
    spotify: null,
    twitch: null,
    twitter: null,
    youtube: null,
  },
})

// Nobody here is nuked, suspended or without a password, so these say the same of everybody.
const ownAttributes: Attributes = {
  discord_id: null,
  facebook_id: null,
  has_password: true,
  is_deleted: false,
  is_nuked: false,
  is_suspended: false,
}
