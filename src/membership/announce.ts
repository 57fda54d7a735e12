import assert from 'node:assert/strict'
import { campaignTenant } from '../domain/event.ts'
import type { CampaignStanding, Pledge } from '../domain/membership.ts'
import type { PledgeTrigger } from '../domain/trigger.ts'
import { wireBytes } from '../domain/wire-json.ts'
import type { Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { pledgeDocument, type Scene } from './documents/pledge.ts'
import type { Person } from './documents/user.ts'

/** Tells whoever listens what became of a pledge, as the campaign stands after it. */
export async function announce(
  { trigger, pledge, linkBase }: { trigger: PledgeTrigger; pledge: Pledge; linkBase: string },
  records: Records,
  at: Moment,
): Promise<void> {
  const scene = await sceneOf(pledge, records)
  const body = wireBytes(pledgeDocument(scene, linkBase))
  at.happens({ tenant: campaignTenant(pledge.campaignId), trigger, body })
}

async function sceneOf(pledge: Pledge, records: Records): Promise<Scene> {
  const standing = await standingFor(pledge, records)
  const creator = await personWith(standing.campaign.creatorId, records)
  const patron = await personWith(pledge.patronId, records)
  return { pledge, standing, creator, patron }
}

/** The standing of the campaign that a pledge is to. */
export async function standingFor(pledge: Pledge, { memberships }: Records): Promise<CampaignStanding> {
  const standing = await memberships.findStanding(pledge.campaignId)
  assert(standing !== null, `pledge ${pledge.id} is to a campaign`)
  return standing
}

async function personWith(accountId: string, { accounts, memberships }: Records): Promise<Person> {
  const account = await accounts.find(accountId)
  assert(account !== null, `account ${accountId} has a pledge or a campaign`)
  const [campaign] = await memberships.listCampaignsOf(accountId)
  return { account, campaignId: campaign?.id ?? null }
}
