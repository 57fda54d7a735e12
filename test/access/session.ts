import type { World } from '../world.ts'

/** A browser's cookie, and what its forms carry. */
export type Session = { cookie: string; csrf: string }

const password = 'a few words in a row'

/** Somebody who opens their one-time link, chooses a password and is logged in. */
export async function aSession(world: World, link: string): Promise<Session> {
  const path = new URL(link).pathname
  const { cookie, csrf } = await formAt(world, path, '')
  const body = new URLSearchParams({ _csrf: csrf, password })
  const answer = await fetch(world.server.url + path, { method: 'POST', body, headers: { cookie }, redirect: 'manual' })
  return await formAt(world, '/', cookieIn(answer) ?? cookie)
}

/** Somebody who only looked at the page where one logs in. */
export const aStranger = (world: World): Promise<Session> => formAt(world, '/login', '')

async function formAt(world: World, path: string, cookie: string): Promise<Session> {
  const answer = await fetch(world.server.url + path, { headers: { cookie } })
  const [, csrf = ''] = /name="_csrf" value="([^"]+)"/.exec(await answer.text()) ?? []
  return { cookie: cookieIn(answer) ?? cookie, csrf }
}

const cookieIn = (answer: Response): string | undefined => answer.headers.getSetCookie()[0]?.split(';')[0]
