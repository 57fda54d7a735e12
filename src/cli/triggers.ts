import type { Command } from 'commander'
import type { Hand, Printing } from './hand.ts'
import { calling, given, group, json } from './options.ts'
import { table } from './table.ts'

/** `tidings triggers`: the kinds of things that happen. */
export function addTriggers(program: Command, hand: Hand): void {
  const triggers = group(program, 'triggers', 'the kinds of things that happen')
  calling(triggers, 'list', 'list the triggers that are registered').action((options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/triggers'),
      ({ data }) =>
        table(
          ['trigger', 'what happened'],
          data.map(({ name, description }) => [name, description]),
          'No triggers.',
        ),
    ),
  )
  calling(triggers, 'register <name>', 'register a trigger, so that events may carry it (operators)')
    .option('--description <text>', 'what happened')
    .option('--example <json>', 'a body such as a receiver will get', json)
    .addHelpText(
      'after',
      '\nExample:\n  tidings triggers register invoice:paid --description "An invoice was paid." \\\n    --example \'{"invoice":1}\'',
    )
    .action(
      (name: string, { description, example, ...options }: Printing & { description?: string; example?: unknown }) =>
        hand.tell(
          options,
          (api) => api.POST('/api/v1/triggers', { body: { name, ...given({ description, example }) } }),
          () => `The trigger ${name} is registered: webhooks may listen for it, and events may carry it.`,
        ),
    )
}
