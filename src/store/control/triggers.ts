import type { Kysely } from 'kysely'
import type { Instant } from '../../domain/time.ts'
import type { RegisteredTrigger } from '../../domain/trigger.ts'
import type { Tables } from '../tables.ts'

/** The triggers that operators registered; the built-in ones are not kept here. */
export interface Triggers {
  find(name: string): Promise<RegisteredTrigger | null>
  list(): Promise<RegisteredTrigger[]>
  insert(trigger: RegisteredTrigger, now: Instant): Promise<void>
}

const columns = ['name', 'description', 'example'] as const

/** Registered triggers over one connection. */
export function triggers(db: Kysely<Tables>): Triggers {
  return {
    async find(name) {
      return (await db.selectFrom('triggers').select(columns).where('name', '=', name).executeTakeFirst()) ?? null
    },

    list: () => db.selectFrom('triggers').select(columns).orderBy('name').execute(),

    async insert(trigger, now) {
      await db
        .insertInto('triggers')
        .values({ ...trigger, registered_at: now })
        .execute()
    },
  }
}
