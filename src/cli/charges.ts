import { type Command, InvalidArgumentError } from 'commander'
import type { Hand, Printing } from './hand.ts'
import { momentIn } from './moments.ts'
import { calling, given, group } from './options.ts'
import { facts } from './table.ts'

/** `tidings charges`: the turn of the month. */
export function addCharges(program: Command, hand: Hand): void {
  const charges = group(program, 'charges', 'the turn of the month')
  calling(charges, 'run', 'charge every member whose charge is due; safe to repeat')
    .option('--until <moment>', 'what is due by then, also ahead of the clock', instant)
    .addHelpText('after', '\nExample:\n  tidings charges run --until 2026-12-01')
    .action(({ until, ...options }: Printing & { until?: string }) =>
      hand.tell(
        options,
        (api) => api.POST('/api/v1/charges/runs', { body: given({ until }) }),
        ({ charged, ended, is_finished }) =>
          facts(is_finished ? 'Everything that was due is charged' : 'There is more: run it again', {
            charged,
            'gifts ended': ended,
          }),
      ),
    )
}

/** Reads an option that is a day, or a moment in it. */
function instant(value: string): string {
  const at = momentIn(value)
  if (at === null) throw new InvalidArgumentError('It should be a day or a moment, such as 2026-12-01T00:00:00Z.')
  return at
}
