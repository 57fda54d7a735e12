import { bold, green, yellow } from 'ansis'
import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import { deliveryList } from './deliveries.ts'
import type { Hand, Printing } from './hand.ts'
import { maybeMoment, momentAndAge } from './moments.ts'
import { calling, collected, given, group, oneOf, wholeNumber } from './options.ts'
import { type Coloured, facts, listed, table } from './table.ts'

type Webhook = Schemas['Webhook']

type Description = Printing & { uri?: string; trigger?: string[]; schedule?: Webhook['schedule'] }
type Registration = Description & {
  client?: string
  trigger: string[]
  tenant?: string
  signingKey?: Webhook['signing_key']
}

/** `tidings webhooks`: registered URIs, what they listen for, and how they fare. */
export function addWebhooks(program: Command, hand: Hand): void {
  const webhooks = group(program, 'webhooks', 'registered URIs, what they listen for, and how they fare')
  addReads(webhooks, hand)
  addRegister(webhooks, hand)
  addChanges(webhooks, hand)
  addTest(webhooks, hand)
}

function addReads(webhooks: Command, hand: Hand): void {
  calling(webhooks, 'list', 'list webhooks').action((options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/webhooks'),
      ({ data }) => listOf(data),
    ),
  )
  calling(webhooks, 'show <id>', 'show one webhook and how it fares').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/webhooks/{id}', { params: { path: { id } } }),
      (webhook) => described(webhook, hand),
    ),
  )
  calling(webhooks, 'deliveries <id>', 'list what was, and is being, delivered to a webhook')
    .option('--limit <number>', 'how many', wholeNumber)
    .action((id: string, options: Printing & { limit?: number }) =>
      hand.tell(
        options,
        (api) =>
          api.GET('/api/v1/deliveries', { params: { query: { webhook_id: id, ...given({ limit: options.limit }) } } }),
        deliveryList,
      ),
    )
}

function addRegister(webhooks: Command, hand: Hand): void {
  calling(webhooks, 'register <uri>', 'register a webhook: it hears everything that happens from then on')
    .option('--client <id>', 'whose it shall be')
    .requiredOption('--trigger <trigger>', 'what it listens for; may be given several times', collected)
    .option('--tenant <tenant>', 'only what happens to this tenant')
    .addOption(oneOf('--signing-key <whose>', 'whose secret keys X-Patreon-Signature', ['client', 'webhook']))
    .addOption(oneOf('--schedule <name>', 'when to try again after a failure', ['patreon', 'standard']))
    .addHelpText(
      'after',
      '\nExample:\n  tidings webhooks register https://bot.example/hooks --client 1 \\\n    --trigger pledges:create,pledges:update,pledges:delete --signing-key client',
    )
    .action((uri: string, options: Registration) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/webhooks', {
            body: {
              ...{ uri, triggers: options.trigger },
              ...given({
                client_id: options.client,
                tenant: options.tenant,
                signing_key: options.signingKey,
                schedule: options.schedule,
              }),
            },
          }),
        (webhook) => described(webhook, hand),
      ),
    )
}

function addChanges(webhooks: Command, hand: Hand): void {
  calling(webhooks, 'describe <id>', 'change a webhook; what is left out stays')
    .option('--uri <uri>', 'where it points')
    .option('--trigger <trigger>', 'what it listens for; may be given several times', collected)
    .addOption(oneOf('--schedule <name>', 'when to try again after a failure', ['patreon', 'standard']))
    .action((id: string, { uri, trigger: triggers, schedule, ...options }: Description) =>
      hand.tell(
        options,
        (api) =>
          api.PATCH('/api/v1/webhooks/{id}', { params: { path: { id } }, body: given({ uri, triggers, schedule }) }),
        (webhook) => described(webhook, hand),
      ),
    )
  calling(webhooks, 'pause <id>', 'pause a webhook: what it would hear is held').action(
    (id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.POST('/api/v1/webhooks/{id}/pauses', { params: { path: { id } } }),
        () => `Webhook ${id} is paused. What happens meanwhile is held until \`tidings webhooks resume ${id}\`.`,
      ),
  )
  calling(webhooks, 'resume <id>', 'resume a webhook: what was held is sent').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.POST('/api/v1/webhooks/{id}/resumptions', { params: { path: { id } } }),
      () => `Webhook ${id} is resumed. What was held is being sent.`,
    ),
  )
  calling(webhooks, 'delete <id>', 'delete a webhook; what waits for it is cancelled').action(
    (id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.DELETE('/api/v1/webhooks/{id}', { params: { path: { id } } }),
        () => `Webhook ${id} is deleted.`,
      ),
  )
}

function addTest(webhooks: Command, hand: Hand): void {
  calling(webhooks, 'test <id>', "send a test event to this webhook alone, with the trigger's example as body")
    .requiredOption('--trigger <trigger>', 'which trigger it shall carry')
    .addHelpText('after', '\nExample:\n  tidings webhooks test 1 --trigger pledges:create')
    .action((id: string, { trigger, ...options }: Printing & { trigger: string }) =>
      hand.tell(
        options,
        (api) => api.POST('/api/v1/webhooks/{id}/tests', { params: { path: { id } }, body: { trigger } }),
        ({ event_id, delivery_id }) =>
          `${facts('A test is on its way.', { event: event_id, delivery: delivery_id })}\n\nWhat came of it: tidings deliveries show ${delivery_id}`,
      ),
    )
}

const listOf = (webhooks: readonly Webhook[]): string =>
  table(
    ['id', 'client', 'state', 'waiting', 'triggers', 'uri'],
    webhooks.map((webhook) => [
      ...[webhook.id, webhook.client_id, stateCell(webhook), webhook.health.due + webhook.health.held],
      webhook.triggers.length > 2
        ? `${webhook.triggers[0]}, +${webhook.triggers.length - 1}`
        : listed(webhook.triggers),
      webhook.uri,
    ]),
    'No webhooks yet. `tidings webhooks register <uri> --client <id> --trigger <trigger>` makes one.',
  )

function stateCell({ paused, pause_reason, health }: Webhook): Coloured {
  if (paused) return { text: `paused (${pause_reason ?? 'asked'})`, colour: yellow }
  if (health.consecutive_failures > 0) return { text: 'failing', colour: yellow }
  return { text: 'active', colour: green }
}

const described = (webhook: Webhook, { clock }: Hand): string =>
  facts(`Webhook ${webhook.id}`, {
    uri: webhook.uri,
    client: webhook.client_id,
    tenant: webhook.tenant ?? 'all that its client may see',
    triggers: listed(webhook.triggers),
    'signed with': webhook.signing_key === 'client' ? "the client's secret" : 'a secret of its own',
    secret: secretCell(webhook.secret),
    'standard secret': secretCell(webhook.standard_secret),
    schedule: webhook.schedule,
    state: stateCell(webhook),
    'paused since': maybeMoment(webhook.paused_at, clock.now()),
    'failing since': maybeMoment(webhook.health.failing_since, clock.now()),
    'last attempt': maybeMoment(webhook.health.last_attempted_at, clock.now()) ?? 'none yet',
    waiting: `${webhook.health.due} due, ${webhook.health.held} held`,
    made: momentAndAge(webhook.created_at, clock.now()),
  })

const secretCell = (secret: string | undefined): Coloured | undefined =>
  secret === undefined ? undefined : { text: secret, colour: bold }
