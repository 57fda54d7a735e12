/** Access tokens, put where the product keeps them: so a test can have any scopes without a browser. */
import { join } from 'node:path'
import type { OAuthScope } from '#src/domain/oauth-scope.ts'
import { days } from '#src/domain/time.ts'
import { fingerprintOf } from '#src/domain/vault.ts'
import type { Webhook } from '#src/domain/webhook.ts'
import { type Records, recordsOn } from '#src/store/records.ts'
import { kyselyOn, openForReading, openForWriting } from '#src/store/sqlite/database.ts'
import type { World } from './world.ts'

/** Whom a token shall speak for, and what it shall open. */
export type TokenWish = { clientId: string; accountId: string; scopes: readonly OAuthScope[] }

/** Gives out tokens, ready to be sent as `Authorization`. The server is stopped meanwhile, because it has its store for itself. */
export async function tokensFor(world: World, wishes: readonly TokenWish[]): Promise<string[]> {
  await world.stop()
  const db = openForWriting(fileOf(world))
  const records = recordsOn(kyselyOn(db))
  const tokens: string[] = []
  for (const wish of wishes) tokens.push(await aToken(wish, { records, world }))
  db.close()
  await world.start()
  return tokens
}

async function aToken(wish: TokenWish, { records, world }: { records: Records; world: World }): Promise<string> {
  const now = world.clock.now()
  const authorizationId = await records.authorizations.insertAuthorization({ ...wish, isCreators: false }, now)
  const token = `token-${authorizationId}`
  const hash = fingerprintOf(token)
  await records.authorizations.insertToken({ hash, authorizationId, kind: 'access', life: days(31) }, now)
  return `Bearer ${token}`
}

/** A webhook as it is kept, with what no answer tells. */
export async function keptWebhook(world: World, id: string): Promise<Webhook | null> {
  const db = openForReading(fileOf(world))
  const webhook = await recordsOn(kyselyOn(db)).webhooks.find(id)
  db.close()
  return webhook
}

const fileOf = ({ folder }: World): string => join(folder, 'tidings.db')
