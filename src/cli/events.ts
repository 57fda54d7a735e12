import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import { bytesIn } from './file.ts'
import { type Hand, Mistake, type Printing } from './hand.ts'
import { moment, momentAndAge } from './moments.ts'
import { nextPage } from './next-page.ts'
import { calling, given, group, wholeNumber } from './options.ts'
import { batchOf, type Receipt, withBody } from './publishing.ts'
import { facts, indented, table } from './table.ts'
import { shownJson } from './terminal-text.ts'

type Event = Schemas['Event']

type Filter = Printing & { after?: number; tenant?: string; trigger?: string; limit?: number }
type Publishing = Printing & {
  tenant?: string
  trigger?: string
  id?: string
  idempotencyKey?: string
  body?: string
  batch?: boolean
}

/** `tidings events`: what happened. */
export function addEvents(program: Command, hand: Hand): void {
  const events = group(program, 'events', 'what happened')
  addReads(events, hand)
  calling(
    events,
    'publish [file]',
    'publish an event, with its body from --body, a file, or standard input (operators)',
  )
    .option('--tenant <tenant>', 'whose event it is')
    .option('--trigger <trigger>', 'what happened')
    .option('--id <id>', 'its id; the same event with it again is answered as the first was')
    .option('--idempotency-key <key>', 'the same answer when it is published again with this key')
    .option('--body <json>', 'its body; receivers get exactly these bytes')
    .option('--batch', 'the file has one {"tenant", "trigger", "body", "id"} a line')
    .addHelpText('after', publishingExamples)
    .action((file: string | undefined, options: Publishing) =>
      options.batch === true ? publishBatch(file, options, hand) : publishOne(file, options, hand),
    )
}

const publishingExamples = `
Examples:
  tidings events publish --tenant acme --trigger invoice:paid --body '{"invoice":1}'
  tidings events publish --tenant acme --trigger invoice:paid invoice.json
  tidings events publish --batch events.ndjson`

function addReads(events: Command, hand: Hand): void {
  calling(events, 'list', 'list events in the order they were accepted')
    .option('--after <sequence>', 'go on behind this event', wholeNumber)
    .option('--tenant <tenant>', 'only of this tenant')
    .option('--trigger <trigger>', 'only of this kind')
    .option('--limit <number>', 'how many', wholeNumber)
    .action(({ after, tenant, trigger, limit, ...options }: Filter) =>
      hand.tell(
        options,
        (api) => api.GET('/api/v1/events', { params: { query: given({ after, tenant, trigger, limit }) } }),
        listOf,
      ),
    )
  calling(events, 'show <id>', 'show one event with its body').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/events/{id}', { params: { path: { id } } }),
      (event) => described(event, hand),
    ),
  )
}

async function publishOne(file: string | undefined, options: Publishing, hand: Hand): Promise<void> {
  const { tenant, trigger, id, idempotencyKey } = options
  if (tenant === undefined || trigger === undefined) throw new Mistake('An event needs --tenant and --trigger.')
  if (options.body !== undefined && file !== undefined) throw new Mistake('Give --body or a file, not both.')
  const body = options.body === undefined ? await contentOf(file) : Buffer.from(options.body)
  await hand.tell(
    options,
    (_api, place) =>
      withBody(place, { tenant, trigger, ...given({ id }) }, { body, idempotencyKey: idempotencyKey ?? null }),
    ({ id, status, sequence }) =>
      `${facts(`Event ${id}`, { status, sequence })}\n\nWho got it: tidings deliveries list --event ${id}`,
  )
}

async function publishBatch(file: string | undefined, options: Publishing, hand: Hand): Promise<void> {
  const lines = await contentOf(file)
  await hand.tell(
    options,
    (_api, place) => batchOf(place, lines),
    ({ data }) =>
      table(
        ['id', 'status', 'sequence'],
        data.map(({ id, status, sequence }: Receipt) => [id, status, sequence]),
        'The batch was empty.',
      ),
  )
}

/** A file as it is; without a file, what comes in on standard input. */
async function contentOf(file: string | undefined): Promise<Buffer> {
  if (file === undefined || file === '-') {
    if (process.stdin.isTTY) throw new Mistake('Give the body with --body, as a file, or on standard input.')
    return await buffer(process.stdin)
  }
  return await bytesIn(file)
}

const listOf = ({ data, next }: { data: readonly Event[]; next: string | null }): string =>
  table(
    ['sequence', 'id', 'tenant', 'trigger', 'accepted'],
    data.map(({ sequence, id, tenant, trigger, accepted_at }) => [sequence, id, tenant, trigger, moment(accepted_at)]),
    next === null
      ? 'No events yet. A pledge or a kitten causes one, and `tidings events publish` makes any other.'
      : 'None among those that were looked at.',
  ) + nextPage(next)

const described = ({ id, sequence, tenant, trigger, accepted_at, body }: Event, { clock }: Hand): string =>
  `${facts(`Event ${id}`, { trigger, tenant, sequence, accepted: momentAndAge(accepted_at, clock.now()) })}\n\n${indented(shownJson(body))}`
