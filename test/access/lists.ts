/** Long lists, and cursors that were given to somebody else. */
import type { World } from '../world.ts'
import type { Asker } from './askers.ts'
import type { Side } from './cast.ts'

/** A list in parts of one entry, the parameter that its cursors are sent in, and the askers whose credentials it takes. */
export type List = readonly [path: string, parameter: string, door: 'api' | 'patreon']

/** Those lists of which everybody has one. */
export const lists: readonly List[] = [
  ['/api/v1/events?limit=1', 'after', 'api'],
  ['/api/v1/deliveries?limit=1', 'before', 'api'],
  ['/api/v1/campaigns/{campaign}/pledges?limit=1', 'after', 'api'],
  ['/api/v1/campaigns/{campaign}/members?limit=1', 'after', 'api'],
  ['/api/v1/campaigns/{campaign}/posts?limit=1', 'after', 'api'],
  ['/api/oauth2/api/campaigns/{campaign}/pledges?page[count]=1', 'page[cursor]', 'patreon'],
  ['/api/oauth2/v2/campaigns?page[count]=1', 'page[cursor]', 'patreon'],
  ['/api/oauth2/v2/campaigns/{campaign}/members?page[count]=1', 'page[cursor]', 'patreon'],
  ['/api/oauth2/v2/campaigns/{campaign}/posts?page[count]=1', 'page[cursor]', 'patreon'],
]

/** Whose list is asked for, and by whom. */
export type Walking = { side: Side; asker: Asker; world: World }

/** More cursors would show nothing more. */
const partsLimit = 30

type Part = { data: { id: string }[]; next?: string | null; links?: { next?: string } }

/** The ids of everything that a list shows from some cursor on, and the cursors on the way. */
export async function walk([path, parameter]: List, { side, asker, world }: Walking, from: string | null = null) {
  const address = path.replace('{campaign}', await side.things.id('campaign'))
  const ids: string[] = []
  const cursors: string[] = []
  for (let cursor = from; ; cursor = cursors.at(-1) ?? null) {
    const onward = cursor === null ? '' : `&${parameter}=${encodeURIComponent(cursor)}`
    const { body } = await world.call<Part>('GET', address + onward, { as: null, headers: asker.headers })
    ids.push(...body.data.map(({ id }) => id))
    const next = body.next ?? cursorIn(body.links?.next)
    if (next !== null) cursors.push(next)
    if (next === null || cursors.length === partsLimit) return { ids, cursors }
  }
}

const cursorIn = (next: string | undefined): string | null =>
  next === undefined ? null : new URL(next).searchParams.get('page[cursor]')
