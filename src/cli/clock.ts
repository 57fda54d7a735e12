import { dim } from 'ansis'
import { type Command, InvalidArgumentError } from 'commander'
import { type Duration, days, hours, minutes, seconds } from '../domain/time.ts'
import { type Api, answerOf, type Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { moment, momentIn } from './moments.ts'
import { calling, group } from './options.ts'
import { facts } from './table.ts'

const examples = `
Examples:
  tidings clock move turn        ${dim('# to the turn of the month: members are charged')}
  tidings clock move 3d          ${dim('# by three days; also 90s, 45m, 2h, 2w')}
  tidings clock move 2026-12-24  ${dim('# to a day, or to a moment such as 2026-12-24T18:00:00Z')}

What happens by itself on the way happens at its own moment: charges, ends of trials and gifts, retries.
There is no way back. Log-ins, links, codes and tokens that are too old by then are over.`

/** `tidings clock`: what time it is there, and moving on. */
export function addClock(program: Command, hand: Hand): void {
  const clock = group(program, 'clock', 'the time that the server lives by')
  const show = clock.command('show', { isDefault: true }).description('tell what time it is there')
  show
    .option('--json', "print the API's JSON")
    .action((options: Printing) => hand.tell(options, (api) => api.GET('/api/v1/clock'), clockFacts))

  calling(clock, 'move', 'let time pass there, on a server that allows it (tidings dev does)')
    .argument('<how-far>', 'turn (of the month), a length such as 3d, or a day or moment', howFar)
    .addHelpText('after', examples)
    .action((far: Far, options: Printing) => hand.tell(options, (api) => move(far, api, hand), movedFacts))
}

type Far = { by: Duration } | { to: string } | 'turn'

/** Asks until it is there: where receivers keep attempts waiting, one call does not go all the way. */
async function move(far: Far, api: Api, hand: Hand) {
  let body = await asked(far, api)
  for (;;) {
    const reply = await api.POST('/api/v1/clock/moves', { body })
    if (reply.data?.is_finished !== false) return reply
    const { now, to } = reply.data
    hand.complain(dim(`It is ${moment(now)} there; deliveries on the way take their time …`))
    body = { to }
  }
}

async function asked(far: Far, api: Api): Promise<{ to: string } | { by_seconds: number }> {
  if (far === 'turn') return { to: (await answerOf(api.GET('/api/v1/clock'))).turn_of_month }
  return 'to' in far ? far : { by_seconds: far.by / seconds(1) }
}

const units: Readonly<Record<string, Duration>> = {
  s: seconds(1),
  m: minutes(1),
  h: hours(1),
  d: days(1),
  w: days(7),
}

function howFar(given: string): Far {
  if (given === 'turn') return given
  const [, count = '', unit = ''] = /^(\d{1,9})([smhdw])$/.exec(given) ?? []
  const length = units[unit]
  if (length !== undefined) return { by: Number(count) * length }
  const to = momentIn(given)
  if (to !== null) return { to }
  throw new InvalidArgumentError('It should be turn, a length such as 3d or 2h, or a day such as 2026-12-24.')
}

const clockFacts = (clock: Schemas['Clock']): string => facts('The clock', told(clock))

const movedFacts = (clock: Schemas['ClockMove']): string => facts('The clock was moved', told(clock))

const told = ({ now, ahead_seconds, turn_of_month, is_movable }: Schemas['Clock']) => ({
  'it is now': moment(now),
  'ahead of the machine': ahead_seconds === 0 ? 'not at all' : length(seconds(Math.round(ahead_seconds))),
  'month turns': moment(turn_of_month),
  'can be moved': is_movable,
})

/** A length in days and what is left of a day. */
function length(exact: Duration): string {
  const [whole, rest] = [Math.floor(exact / days(1)), exact % days(1)]
  const time = new Date(rest).toISOString().slice(11, 19)
  return whole === 0 ? time : `${whole} ${whole === 1 ? 'day' : 'days'} ${time}`
}
