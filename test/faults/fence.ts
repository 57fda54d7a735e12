/**
 * A network of its own around a server: a loopback, and a cable to this machine. Its default route leads into the cable,
 * so packets to anywhere would leave; each is judged on its way out, counted, and dropped unless it goes to a peer. It
 * needs root on Linux.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'

/** Public addresses that are nobody's, on both ends of the cable; of the second kind on the inner alone, as nothing comes out. */
export const insideAddress = '22.22.22.2'
export const peerAddress = '22.22.22.1'
export const insideSixth = '2fff:ffff::2'

/** A private address at the other end of the cable, for an operator to open. */
export const privatePeerAddress = '10.77.77.1'

/** Where the server in the fence listens. */
export const doorPort = 8080

/** The server's packets are known by their group: nobody else in there has it. */
const group = 65_534

/** Public addresses that may be called, and where nobody is. */
const nobodyHome = ['172.32.0.1', '100.128.0.1']

const rulesWith = (peers: readonly string[]): string => `
table inet fence {
  counter strays { }
  counter wanted { }
  chain out {
    type filter hook output priority 0; policy accept;
    meta skgid ${group} jump judged
  }
  chain judged {
    ip saddr ${insideAddress} ip daddr ${peerAddress} tcp sport ${doorPort} accept
    ip daddr ${peerAddress} udp dport 53 accept
    ip daddr { ${peers.join(', ')} } tcp dport { 80, 443 } counter name wanted accept
    ip daddr { ${nobodyHome.join(', ')} } tcp dport 80 counter name wanted reject with tcp reset
    counter name strays drop
  }
}
`

/** Packets that the server sent: to where nothing may be sent, and to where receivers are. */
export type Counters = { strays: number; wanted: number }

/** The fence. What a process does inside, it does with `under` in front of its command. */
export class Fence {
  readonly #name = `tidings${process.pid}`
  readonly #settings = `/etc/netns/${this.#name}`
  readonly under = [...['ip', 'netns', 'exec', this.#name], ...['setpriv', `--regid=${group}`, '--clear-groups']]

  /** Nothing runs inside before the packets are counted. */
  constructor(peers: readonly string[]) {
    mkdirSync(this.#settings, { recursive: true })
    writeFileSync(`${this.#settings}/resolv.conf`, `nameserver ${peerAddress}\n`)
    run('ip', 'netns', 'add', this.#name)
    try {
      this.#lay()
      this.#inside('nft', ['-f', '-'], rulesWith(peers))
    } catch (error) {
      this.remove()
      throw error
    }
  }

  counters(): Counters {
    const listed = JSON.parse(this.#inside('nft', ['-j', 'list', 'counters'])) as {
      nftables: { counter?: { name: string; packets: number } }[]
    }
    const packets = (name: string) => listed.nftables.find(({ counter }) => counter?.name === name)?.counter?.packets
    return { strays: packets('strays') ?? Number.NaN, wanted: packets('wanted') ?? Number.NaN }
  }

  /** Tries to connect to an address from inside, as a server without a guard would. */
  stray(address: string, port: number): void {
    const program = `require('node:net').connect(${port}, '${address}').on('error', () => {}); setTimeout(process.exit, 200)`
    run(...this.under, process.execPath, '-e', program)
  }

  remove(): void {
    run('ip', 'netns', 'del', this.#name)
    rmSync(this.#settings, { recursive: true })
  }

  /** The cable, and the ways into it. */
  #lay(): void {
    const [near, far] = [`near${process.pid}`, `far${process.pid}`]
    run('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', this.#name)
    for (const address of [`${peerAddress}/30`, `${privatePeerAddress}/32`])
      run('ip', 'addr', 'add', address, 'dev', near)
    run('ip', 'link', 'set', near, 'up')
    for (const command of [
      'link set lo up',
      `addr add ${insideAddress}/30 dev ${far}`,
      `addr add ${insideSixth}/64 dev ${far} nodad`,
      `link set ${far} up`,
      `route add default via ${peerAddress}`,
      `-6 route add default dev ${far}`,
    ]) {
      this.#inside('ip', command.split(' '))
    }
  }

  #inside(program: string, args: readonly string[], input = ''): string {
    return execFileSync('ip', ['netns', 'exec', this.#name, program, ...args], { input, encoding: 'utf8' })
  }
}

function run(program = '', ...args: string[]): void {
  execFileSync(program, args, { stdio: 'pipe' })
}
