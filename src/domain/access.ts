/** Who asks, and what they may do. */
import { Refusal } from './refusal.ts'

/** What an API key may be used for; a session may do all of it, within what its account may. */
export const scopes = [
  'kittens',
  'publish',
  'events',
  'clients',
  'webhooks',
  'memberships',
  'keys',
  'accounts',
] as const
/** One of the scopes. */
export type Scope = (typeof scopes)[number]

/** An operator runs this Tidings and sees everything; a member sees what is their own. */
export type Role = 'operator' | 'member'

/** Somebody who was recognised at the door. */
export type Caller =
  | { kind: 'account'; accountId: string; role: Role; scopes: readonly Scope[] }
  | { kind: 'client'; clientId: string; accountId: string }

/** What a client may do when it shows its own id and secret. */
const clientScopes: readonly Scope[] = ['webhooks', 'events']

/** Lets a caller pass whose key or session covers `scope`. */
export function mustHave(caller: Caller, scope: Scope): void {
  const granted = caller.kind === 'client' ? clientScopes : caller.scopes
  if (granted.includes(scope)) return
  throw new Refusal('scope_missing', {
    message: `This call needs the scope "${scope}", and the key it was made with has ${list(granted)}.`,
    expected: `an API key with the scope "${scope}"`,
  })
}

/** Lets only an operator pass. */
export function mustOperate(caller: Caller): void {
  if (isOperator(caller)) return
  throw new Refusal('not_permitted', { message: 'Only an operator of this Tidings may do this.' })
}

/** Operators see and change everything. */
export const isOperator = (caller: Caller): boolean => caller.kind === 'account' && caller.role === 'operator'

/** Whether what belongs to `owner` is the caller's own. */
export function owns(caller: Caller, owner: { accountId: string; clientId?: string }): boolean {
  if (isOperator(caller)) return true
  return caller.kind === 'client' ? caller.clientId === owner.clientId : caller.accountId === owner.accountId
}

const list = (granted: readonly Scope[]): string =>
  granted.length === 0 ? 'none' : granted.map((scope) => `"${scope}"`).join(', ')
