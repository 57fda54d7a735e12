import { expect, test } from 'vitest'
import { Visitor } from '../oauth/visitor.ts'
import { aCreator, aPerson, make } from '../people.ts'
import { aWorld } from '../world.ts'
import { csrfIn } from './site.ts'

const operator = { email: 'operator@localhost', password: 'a few words in a row' }

/** The first page as the operator sees it who is logged in. */
async function anOperator(clock: 'machine' | 'movable') {
  const world = await aWorld({
    settings: { TIDINGS_CLOCK: clock, TIDINGS_OPERATOR_PASSWORD: operator.password },
  })
  const visitor = new Visitor(world)
  await visitor.open('/login')
  await visitor.send('/login', operator)
  return { world, visitor, home: (await visitor.open('/')).text }
}

test('an operator moves the clock to the turn of the month, and stays logged in', async () => {
  const { world, visitor, home } = await anOperator('movable')
  const creator = await aCreator(world, 'ada')
  const pat = await aPerson(world, 'pat')
  await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, { amount_cents: 500 }, pat.key)
  expect(home).toMatch(/5 January 2026 at 12:00 UTC<\/time> here,\s+as on the machine/)
  expect(home).toContain('>Move to 1 February 2026</button>')

  const moved = await visitor.send('/clock/moves', { to: 'turn' })

  const later = (await visitor.follow(moved)).text
  expect(later).toMatch(/1 February 2026 at 00:00 UTC<\/time> here,\s+26 days ahead of the machine’s clock/)
  expect(later).toContain('>Move to 1 March 2026</button>')
  const { body } = await world.call<{ data: object[] }>('GET', `/api/v1/campaigns/${creator.campaign.id}/members`)
  expect(body.data).toMatchObject([{ lifetime_cents: 1000 }])

  expect((await visitor.follow(await visitor.send('/clock/moves', { to: 'day' }))).text).toContain('2 February 2026')
})

test('nobody else sees the form or may send it, and no other site can', async () => {
  const { world, visitor } = await anOperator('movable')
  const forged = await visitor.send('/clock/moves', { to: 'day', _csrf: 'a guess' })
  const stranger = new Visitor(world)
  const strangers = await stranger.open('/')
  const theirs = await stranger.send('/clock/moves', { to: 'day' })

  expect(forged.status).toBe(403)
  expect(strangers.text).not.toContain('/clock/moves')
  expect(theirs.status).toBe(403)
  expect(await world.call('GET', '/api/v1/clock')).toMatchObject({ body: { ahead_seconds: 0 } })
})

test('somebody who is no operator is refused, and so is a move to nowhere', async () => {
  const { world, visitor } = await anOperator('movable')
  const account = { email: 'pat@example.test', full_name: 'Pat' }
  const { link } = await make<{ link: string }>(world, '/api/v1/accounts', account)
  const pat = new Visitor(world)
  await pat.open(new URL(link).pathname)
  await pat.send('/welcome/', { password: operator.password })
  const hers = (await pat.open('/')).text
  const token = csrfIn(hers)

  expect(hers).toContain('Hello, Pat')
  expect(hers).not.toContain('/clock/moves')
  expect((await pat.send('/clock/moves', { to: 'day', _csrf: token })).text).toContain('Only an operator')
  expect((await visitor.send('/clock/moves', { to: 'yesterday' })).status).toBe(422)
  expect(await world.call('GET', '/api/v1/clock')).toMatchObject({ body: { ahead_seconds: 0 } })
})

test('there is no form where the clock is the machine’s', async () => {
  const { home } = await anOperator('machine')

  expect(home).toContain('Hello, ')
  expect(home).not.toContain('The clock')
})
