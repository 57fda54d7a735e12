import { expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '#src/domain/time.ts'
import { moment } from '#src/pages/moment.ts'

const now = Date.UTC(2017, 7, 1, 12)

test('a moment is told absolutely, and by how far it is away in either direction', () => {
  const said = [-days(3), -hours(1), -seconds(59), seconds(59), minutes(90), days(31)].map((span) => {
    const { text } = moment(now + span, now)
    return /\((.*)\)/.exec(text)?.[1]
  })

  expect(said).toEqual(['3 days ago', '1 hour ago', 'just now', 'just now', 'in 1 hour', 'in 31 days'])
  expect(moment(now, now).text).toContain('datetime="2017-08-01T12:00:00.000Z">1 August 2017 at 12:00 UTC')
})
