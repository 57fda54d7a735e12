import { promises as dns } from 'node:dns'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { type Duration, seconds } from '../domain/time.ts'

/** What a name turned out to stand for; at least one address, or the reason why none. */
export type Resolution = { kind: 'resolved'; addresses: readonly string[] } | { kind: 'unresolved'; code: string }

/** Turns names into addresses; never rejects. */
export type Resolver = (name: string) => Promise<Resolution>

/** A name with more addresses than this is a mistake or an attack; each would have to be judged. */
export const addressesAtMost = 32

// Two questions within the connect deadline.
const questionLength: Duration = seconds(2)
const questions = 2

/** The settings of a resolver; all have a default that suits production. */
export type ResolverSettings = {
  /** Name servers, instead of the machine's own. */
  servers?: readonly string[]
  /** Reads the machine's own table of names; without it the table is left alone. */
  readHosts?: () => Promise<string>
}

/** Reads /etc/hosts; a machine without one has no names of its own. */
export async function hostsFile(): Promise<string> {
  try {
    return await readFile('/etc/hosts', 'utf8')
  } catch {
    // Whatever keeps us from the file, the name servers are still there to ask.
    return ''
  }
}

/**
 * Asks name servers directly, for A and AAAA at once.
 *
 * `dns.lookup` would occupy one of libuv's four threads for as long as a name
 * server is silent, and fsync waits in the same queue: ten slow names stall
 * the process. It would also walk the search list, in which `db` has a meaning.
 * The price is that the machine's own table has to be read here; it is asked
 * for only where an operator opened networks of their own.
 */
export function systemResolver({ servers, readHosts }: ResolverSettings = {}): Resolver {
  const resolver = new dns.Resolver({ timeout: questionLength, tries: questions })
  if (servers !== undefined) resolver.setServers(servers)

  return async (name) => {
    const bare = name.toLowerCase().replace(/\.$/, '')
    // RFC 6761 §6.3: these names are the machine itself and are never asked for outside.
    if (bare === 'localhost' || bare.endsWith('.localhost')) return resolved(['127.0.0.1', '::1'])

    const own = readHosts === undefined ? [] : addressesInHosts(await readHosts(), bare)
    if (own.length > 0) return resolved(own)

    const answers = await Promise.allSettled([resolver.resolve4(bare), resolver.resolve6(bare)])
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    return addresses.length > 0 ? resolved(addresses) : { kind: 'unresolved', code: whyNone(answers) }
  }
}

function resolved(addresses: readonly string[]): Resolution {
  if (addresses.length > addressesAtMost) return { kind: 'unresolved', code: 'TOO_MANY_ADDRESSES' }
  return { kind: 'resolved', addresses }
}

function addressesInHosts(hosts: string, name: string): string[] {
  return hosts.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/)
    return isIP(address) !== 0 && names.includes(name) ? [address] : []
  })
}

// "No such record" for one family says less than a server's failure for the other.
function whyNone(answers: readonly PromiseSettledResult<string[]>[]): string {
  const codes = answers.map((answer) => (answer.status === 'rejected' ? codeOf(answer.reason) : 'ENODATA'))
  return codes.find((code) => code !== 'ENODATA') ?? 'ENODATA'
}

function codeOf(reason: unknown): string {
  return reason instanceof Error && 'code' in reason && typeof reason.code === 'string' ? reason.code : 'EUNKNOWN'
}
