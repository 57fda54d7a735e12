import { describe, expect, test } from 'vitest'
import { type Action, type Earlier, effects, triggersOf } from '#src/membership/triggers.ts'

/** What each action fires: for nobody yet, for who never paid, for who paid once. An empty cell cannot happen to a member. */
const table = `
  follow    | members:create                                        | members:update                                        | members:update
  join      | members:create                                        | members:update                                        | members:update
  leave     |                                                       | members:delete                                        | members:update
  pledge    | pledges:create members:create members:pledge:create   | pledges:create members:update members:pledge:create   | pledges:create members:update members:pledge:create
  gift      | pledges:create members:create members:pledge:create   | pledges:create members:update members:pledge:create   | pledges:create members:update members:pledge:create
  trial     | pledges:create members:create members:pledge:create   | pledges:create members:update members:pledge:create   | pledges:create members:update members:pledge:create
  edit      | pledges:update members:pledge:update                  | pledges:update members:update members:pledge:update   | pledges:update members:update members:pledge:update
  cancel    | pledges:delete members:pledge:delete                  | pledges:delete members:delete members:pledge:delete   | pledges:delete members:update members:pledge:delete
  gift-over | pledges:delete members:pledge:delete                  | pledges:delete members:delete members:pledge:delete   | pledges:delete members:update members:pledge:delete
  lapse     | pledges:delete members:pledge:delete                  | pledges:delete members:update members:pledge:delete   | pledges:delete members:update members:pledge:delete
  charge    |                                                       | members:update                                        | members:update
  decline   |                                                       | members:update                                        | members:update
  fraud     |                                                       | members:update                                        | members:update
  recovery  |                                                       | members:update                                        | members:update
  refund    |                                                       | members:update                                        | members:update
  note      |                                                       | members:update                                        | members:update
`
const rows = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
const earlier: readonly Earlier[] = ['stranger', 'unpaid', 'payer']

describe('what happens to a membership', () => {
  test('is told with the triggers of the table, and there is nothing else that happens', () => {
    const told = Object.keys(effects).map((action) => [
      action,
      ...earlier.map((who) => triggersOf(action as Action, who).join(' ')),
    ])

    expect(told).toEqual(rows)
  })
})
