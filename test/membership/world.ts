import type { Account } from '#src/domain/account.ts'
import type { Campaign, Pledge, TierStanding } from '#src/domain/membership.ts'
import type { Scene } from '#src/membership/documents/pledge.ts'

/** The base that the tests' links have. */
export const linkBase = 'https://tidings.test'

export const creator: Account = {
  id: '900001',
  email: 'cleo@example.test',
  fullName: 'Cleo',
  vanity: 'cleo',
  role: 'member',
  createdAt: Date.UTC(2015, 0, 2, 3, 4, 5, 678),
}

export const patron: Account = {
  id: '900002',
  email: 'zoe@example.test',
  fullName: 'Zoë ☕ Tern',
  vanity: null,
  role: 'member',
  createdAt: Date.UTC(2016, 1, 3, 4, 5, 6),
}

export const campaign: Campaign = {
  id: '400100',
  creatorId: creator.id,
  vanity: 'cleo',
  creationName: 'comics',
  summary: 'A "comic" / a week',
  isMonthly: true,
  createdAt: Date.UTC(2016, 4, 1),
  publishedAt: Date.UTC(2016, 4, 2),
  oneLiner: null,
  thanksMessage: null,
  isNsfw: false,
}

export const tier: TierStanding = {
  id: '500001',
  campaignId: campaign.id,
  title: 'Sketch tier',
  description: 'Monthly sketch',
  amountCents: 500,
  userLimit: 20,
  createdAt: Date.UTC(2016, 4, 1),
  editedAt: Date.UTC(2016, 4, 3),
  unpublishedAt: null,
  requiresShipping: false,
  image: null,
  patronCount: 12,
}

export const pledge: Pledge = {
  id: '7000001',
  campaignId: campaign.id,
  patronId: patron.id,
  tierId: tier.id,
  amountCents: 500,
  capCents: 1500,
  patronPaysFees: false,
  createdAt: Date.UTC(2017, 7, 1, 12),
  declinedSince: null,
  endedAt: null,
  cadenceMonths: 1,
  kind: 'paid',
  freeUntil: null,
}

export const scene: Scene = {
  pledge,
  standing: { campaign, tiers: [tier], patronCount: 12, pledgeSumCents: 6000 },
  creator: { account: creator, campaignId: campaign.id },
  patron: { account: patron, campaignId: null },
}
