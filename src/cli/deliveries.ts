import { bold, dim, green, red, yellow } from 'ansis'
import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { maybeMoment, moment, momentAndAge } from './moments.ts'
import { nextPage } from './next-page.ts'
import { calling, given, group, oneOf, wholeNumber } from './options.ts'
import { type Coloured, facts, indented, quoted, table } from './table.ts'
import { oneLine } from './terminal-text.ts'

type Delivery = Schemas['Delivery']
type Attempt = Schemas['Attempt']

type Filter = Printing & {
  webhook?: string
  event?: string
  status?: Delivery['status']
  before?: string
  limit?: number
}

const colourOf: Record<Delivery['status'], (text: string) => string> = {
  due: yellow,
  held: yellow,
  delivered: green,
  exhausted: red,
  cancelled: dim,
}

const statusCell = (status: Delivery['status']): Coloured => ({ text: status, colour: colourOf[status] })

/** `tidings deliveries`: events on their way to webhooks, and what came of each attempt. */
export function addDeliveries(program: Command, hand: Hand): void {
  const deliveries = group(program, 'deliveries', 'events on their way to webhooks, and what came of them')
  calling(deliveries, 'list', 'list deliveries, the newest event first')
    .option('--webhook <id>', 'only to this webhook')
    .option('--event <id>', 'only of this event')
    .addOption(oneOf('--status <status>', 'only with this status', Object.keys(colourOf)))
    .option('--before <id>', 'go on behind this delivery')
    .option('--limit <number>', 'how many', wholeNumber)
    .addHelpText('after', '\nExample:\n  tidings deliveries list --webhook 1 --status due')
    .action(({ webhook, event, status, before, limit, ...options }: Filter) =>
      hand.tell(
        options,
        (api) =>
          api.GET('/api/v1/deliveries', {
            params: { query: given({ webhook_id: webhook, event_id: event, status, before, limit }) },
          }),
        deliveryList,
      ),
    )
  calling(deliveries, 'show <id>', 'show one delivery with its attempts').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/deliveries/{id}', { params: { path: { id } } }),
      (delivery) => [described(delivery, hand), ...delivery.attempts.map(attemptText)].join('\n\n'),
    ),
  )
  calling(deliveries, 'redeliver <id>', 'deliver again: one more attempt as soon as possible').action(
    (id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.POST('/api/v1/deliveries/{id}/redeliveries', { params: { path: { id } } }),
        () => `Delivery ${id} is tried once more. What came of it: tidings deliveries show ${id}`,
      ),
  )
}

/** A page of deliveries as a table, and how to see the next one. */
export function deliveryList({ data, next }: { data: readonly Delivery[]; next: string | null }): string {
  const rows = data.map(({ id, trigger, webhook_id, status, attempts_made, accepted_at }) => [
    ...[id, trigger, webhook_id],
    statusCell(status),
    attempts_made,
    moment(accepted_at),
  ])
  const shown = table(
    ['id', 'trigger', 'webhook', 'status', 'attempts', 'event accepted'],
    rows,
    next === null
      ? 'No deliveries. An event makes one for every webhook that listens for it.'
      : 'None among those that were looked at.',
  )
  return shown + nextPage(next, '--before')
}

const described = (delivery: Delivery, { clock }: Hand): string =>
  facts(`Delivery ${delivery.id}`, {
    status: statusCell(delivery.status),
    trigger: delivery.trigger,
    tenant: delivery.tenant,
    event: delivery.event_id,
    webhook: delivery.webhook_id,
    attempts: delivery.attempts_made,
    accepted: momentAndAge(delivery.accepted_at, clock.now()),
    'tried next': maybeMoment(delivery.due_at, clock.now()),
    'held since': maybeMoment(delivery.held_since, clock.now()),
    ended: maybeMoment(delivery.ended_at, clock.now()),
  })

function attemptText({ number, started_at, duration_ms, in_words, answer }: Attempt): string {
  const lines = [`${bold(`Attempt ${number}`)}  ${dim(`${moment(started_at)}, ${Math.round(duration_ms)} ms`)}`]
  lines.push(indented(oneLine(in_words)))
  if (answer !== null) {
    for (const header of answer.headers) lines.push(indented(dim(oneLine(header.join(': ')))))
    if (answer.body !== '') lines.push(quoted(answer.body))
    if (answer.is_cut) lines.push(indented(dim('(the answer was longer; this is what was kept)')))
  }
  return lines.join('\n')
}
