import { type Role, type Scope, scopes } from '../domain/access.ts'
import type { Account } from '../domain/account.ts'
import { type ApiKey, keysPerAccountLimit } from '../domain/api-key.ts'
import { Refusal } from '../domain/refusal.ts'
import { type Duration, days, hours, type Instant } from '../domain/time.ts'
import { fingerprintOf } from '../domain/vault.ts'
import { command } from '../store/command.ts'
import type { Records } from '../store/records.ts'

/** A one-time link is for today and the morning after; another can be made. */
const linkLife: Duration = hours(36)

/** A session ends when nobody used it for so long. */
export const sessionLife: Duration = days(14)

type Opening = { email: string; fullName: string; vanity: string | null; role: Role; tokenHash: string }

/** Opens an account that has no password yet; who holds the one-time link chooses it. */
export const openAccount = command('accounts.open', async (records, input: Opening, at): Promise<Account> => {
  const { email, fullName, vanity, role, tokenHash } = input
  await mustBeFree(records, email, vanity)

  const account = await records.accounts.insert({ email, fullName, vanity, role, passwordHash: null }, at.now)
  await records.accounts.insertLink({ tokenHash, accountId: account.id, expiresAt: at.now + linkLife })
  return account
})

type Operator = { email: string; passwordHash: string | null; tokenHash: string; key: string }

/** Makes the first operator: account, API key, and a one-time link where no password was given, all or nothing. */
export const makeOperator = command(
  'accounts.make-operator',
  async (records, input: Operator, at): Promise<Account> => {
    const { email, passwordHash, tokenHash, key } = input
    const opening = { email, fullName: 'Operator', vanity: null, role: 'operator', passwordHash } as const
    const account = await records.accounts.insert(opening, at.now)
    await records.keys.insert(
      {
        accountId: account.id,
        name: 'command line of this machine',
        hash: fingerprintOf(key),
        ending: key.slice(-4),
        scopes,
      },
      at.now,
    )
    if (passwordHash === null) {
      await records.accounts.insertLink({ tokenHash, accountId: account.id, expiresAt: at.now + linkLife })
    }
    return account
  },
)

/** Makes another one-time link: the first was lost, or its holder forgot the password. */
export const renewLink = command(
  'accounts.renew-link',
  async (records, input: { accountId: string; tokenHash: string }, at) => {
    const account = await records.accounts.find(input.accountId)
    if (account === null) throw unknownAccount(input.accountId)
    await records.accounts.insertLink({
      tokenHash: input.tokenHash,
      accountId: account.id,
      expiresAt: at.now + linkLife,
    })
    return account
  },
)

/** Spends a one-time link: the account has this password from now on, and whoever was logged in is logged out. */
export const acceptLink = command(
  'accounts.accept-link',
  async (records, input: { tokenHash: string; passwordHash: string }, at): Promise<Account> => {
    const account = await records.accounts.findLink(input.tokenHash, at.now)
    if (account === null || !(await records.accounts.spendLink(input.tokenHash))) throw spentLink()

    await records.accounts.setPassword(account.id, input.passwordHash)
    await records.sessions.endAll(account.id)
    return account
  },
)

type Session = { idHash: string; accountId: string | null; content: string; expiresAt: Instant }

/** Keeps a session, and drops those that nobody used for too long. */
export const keepSession = command('sessions.keep', async (records, session: Session, at): Promise<void> => {
  await records.sessions.dropExpired(at.now)
  await records.sessions.keep(session)
})

/** Somebody logged out. */
export const endSession = command('sessions.end', async (records, { idHash }: { idHash: string }): Promise<void> => {
  await records.sessions.end(idHash)
})

type NewKey = { accountId: string; name: string; key: string; scopes: readonly Scope[] }

/** Makes an API key. Only its fingerprint is kept: who loses it makes another. */
export const makeKey = command(
  'keys.make',
  async (records, { accountId, name, key, scopes }: NewKey, at): Promise<ApiKey> => {
    if ((await records.accounts.find(accountId)) === null) throw unknownAccount(accountId)
    if ((await records.keys.list(accountId)).length >= keysPerAccountLimit) {
      throw new Refusal('too_many', {
        message: `An account has at most ${keysPerAccountLimit} API keys.`,
        expected: 'revoke one first',
      })
    }
    return await records.keys.insert(
      { accountId, name, hash: fingerprintOf(key), ending: key.slice(-4), scopes },
      at.now,
    )
  },
)

/** Revokes an API key: the next call with it is refused. */
export const revokeKey = command('keys.revoke', async (records, { id }: { id: string }, at): Promise<void> => {
  await records.keys.revoke(id, at.now)
})

async function mustBeFree({ accounts }: Records, email: string, vanity: string | null): Promise<void> {
  if ((await accounts.findByEmail(email)) !== null) {
    throw new Refusal('email_taken', {
      message: `There is an account with the e-mail address ${email}.`,
      field: 'email',
    })
  }
  if (vanity !== null && (await accounts.findByVanity(vanity)) !== null) {
    throw new Refusal('field_invalid', {
      message: `There is an account called ${vanity}.`,
      field: 'vanity',
      expected: 'another name',
    })
  }
}

const unknownAccount = (id: string): Refusal =>
  new Refusal('account_not_found', { message: `There is no account ${id}.`, field: 'account_id' })

const spentLink = (): Refusal =>
  new Refusal('link_spent', {
    message: 'This link was used already, or it is too old.',
    expected: 'a new link: `tidings accounts link <id>` prints one',
  })
