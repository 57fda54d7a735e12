import type { Webhook } from '#src/domain/webhook.ts'
import type { Accounts } from '#src/store/control/accounts.ts'
import type { Authorizations } from '#src/store/control/authorizations.ts'
import type { Clients } from '#src/store/control/clients.ts'
import type { Triggers } from '#src/store/control/triggers.ts'
import type { Webhooks } from '#src/store/control/webhooks.ts'
import type { Records } from '#src/store/records.ts'
import { listenersChanged, pauseFor } from './settling.ts'
import type { ClientRow, Tables, WebhookRow } from './tables.ts'
import { beginPass } from './waiting.ts'

/** The records that the pipeline's world needs, over tables in memory. Whoever asks for any other is told. */
export function recordsIn(tables: Tables): Records {
  const simulated = {
    accounts: accountsIn(tables),
    authorizations: noAuthorizations,
    clients: clientsIn(tables),
    triggers: triggersIn(tables),
    webhooks: webhooksIn(tables),
  }
  // Whatever is not there throws when it is used, so nothing can be taken for simulated that is not.
  return simulated as unknown as Records
}

type SomeAccounts = Pick<Accounts, 'find' | 'findByEmail' | 'findByVanity' | 'insert' | 'insertLink'>

function accountsIn(tables: Tables): SomeAccounts {
  const all = () => [...tables.accounts.values()]
  return {
    find: async (id) => tables.accounts.get(id) ?? null,
    async findByEmail(email) {
      const account = all().find((one) => one.email === email)
      return account === undefined ? null : { account, passwordHash: null }
    },
    findByVanity: async (vanity) => all().find((one) => one.vanity === vanity) ?? null,
    async insert({ email, fullName, vanity, role }, createdAt) {
      const account = { id: tables.nextId('lastAccountId'), email, fullName, vanity, role, createdAt }
      tables.accounts.set(account.id, account)
      return account
    },
    async insertLink({ tokenHash, accountId }) {
      if (tables.links.get(tokenHash) !== undefined) throw new Error('this token is somebody else’s')
      tables.links.set(tokenHash, accountId)
    },
  }
}

/** Nobody logs in here. */
const noAuthorizations: Pick<Authorizations, 'insertAuthorization' | 'insertToken' | 'forget' | 'revokeAllOf'> = {
  insertAuthorization: async () => '1',
  insertToken: async () => {},
  forget: async () => {},
  revokeAllOf: async () => {},
}

type SomeClients = Pick<
  Clients,
  'find' | 'list' | 'listGrants' | 'insert' | 'replacePair' | 'delete' | 'grant' | 'withdraw'
>

function clientsIn(tables: Tables): SomeClients {
  const present = (id: string) => presentIn(tables.clients.get(id))?.client ?? null
  return {
    find: async (id) => present(id),
    list: async (accountId) =>
      [...tables.clients.values()]
        .filter((row) => !row.isDeleted && (accountId === null || row.client.accountId === accountId))
        .map(({ client }) => client),
    listGrants: async (id) => [...(tables.grants.get(id) ?? [])].sort(),

    async insert({ secretHash, ...given }, seal, createdAt) {
      const client = { ...given, id: tables.nextId('lastClientId'), createdAt, replacedAt: null }
      tables.clients.set(client.id, { client, secretHash, secretSealed: seal(client.id), isDeleted: false })
      return client
    },

    async replacePair(id, { clientId, secretHash }, seal, replacedAt) {
      const row = mustBe(tables.clients.get(id))
      const client = { ...row.client, clientId, replacedAt }
      tables.clients.set(id, { ...row, client, secretHash, secretSealed: seal(id) })
      listenersChanged(tables)
      return client
    },

    async delete(id) {
      const row = tables.clients.get(id)
      if (row !== undefined) tables.clients.set(id, { ...row, isDeleted: true })
      for (const { webhook } of tables.webhooks.values())
        if (webhook.clientId === id) beginPass(tables, webhook.id, 'anew')
      listenersChanged(tables)
    },

    async grant(id, tenant) {
      tables.grants.set(id, [...new Set([...(tables.grants.get(id) ?? []), tenant])])
      listenersChanged(tables)
    },

    async withdraw(id, tenant) {
      tables.grants.set(
        id,
        (tables.grants.get(id) ?? []).filter((one) => one !== tenant),
      )
      listenersChanged(tables)
    },
  }
}

function triggersIn(tables: Tables): Triggers {
  return {
    find: async (name) => tables.triggers.get(name) ?? null,
    list: async () => [...tables.triggers.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    async insert(trigger) {
      tables.triggers.set(trigger.name, trigger)
    },
  }
}

function webhooksIn(tables: Tables): Webhooks {
  const present = (id: string) => presentIn(tables.webhooks.get(id))
  const all = () => [...tables.webhooks.values()].filter((row) => !row.isDeleted)
  return {
    find: async (id) => present(id)?.webhook ?? null,
    findSealedSecrets: async (id) => {
      const row = present(id)
      return row === undefined ? null : { secret: row.secretSealed, standardSecret: row.standardSecretSealed }
    },
    list: async ({ clientId }) =>
      all()
        .map(({ webhook }) => webhook)
        .filter((webhook) => clientId === undefined || webhook.clientId === clientId),
    countLike: async ({ clientId, origin }) =>
      all().filter(({ webhook }) => webhook.clientId === clientId && webhook.origin === origin).length,
    ...changingWebhooks(tables),
  }
}

type Changing = Pick<Webhooks, 'insert' | 'describe' | 'pause' | 'resume' | 'delete'>

function changingWebhooks(tables: Tables): Changing {
  const change = (id: string, changed: Partial<Webhook>, isDeleted = false) => {
    const row = tables.webhooks.get(id)
    if (row === undefined) return
    tables.webhooks.set(id, { ...row, webhook: { ...row.webhook, ...changed }, isDeleted: row.isDeleted || isDeleted })
    listenersChanged(tables)
  }
  return {
    async insert(given, seal, createdAt) {
      const webhook = { ...given, id: tables.nextId('lastWebhookId'), pausedAt: null, pauseReason: null, createdAt }
      const { secret, standardSecret } = seal(webhook.id)
      const sealed = { secretSealed: secret, standardSecretSealed: standardSecret }
      tables.webhooks.set(webhook.id, {
        webhook,
        ...sealed,
        sinceSequence: tables.number('lastSequence'),
        isDeleted: false,
      })
      listenersChanged(tables)
      return webhook
    },
    describe: async (id, { uri, triggers, schedule }) => change(id, { uri, triggers, schedule }),
    async pause(id, reason, now) {
      pauseFor(tables, id, reason, now)
      listenersChanged(tables)
    },
    async resume(id) {
      change(id, { pausedAt: null, pauseReason: null })
      const health = tables.health.get(id)
      if (health !== undefined) tables.health.set(id, { ...health, failingSince: null, consecutiveFailures: 0 })
      beginPass(tables, id, 'anew')
    },
    async delete(id) {
      change(id, {}, true)
      beginPass(tables, id, 'anew')
    },
  }
}

function presentIn<Row extends ClientRow | WebhookRow>(row: Row | undefined): Row | undefined {
  return row?.isDeleted === false ? row : undefined
}

function mustBe<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('there is no such row')
  return row
}
