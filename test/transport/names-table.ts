/** A name that was made to mislead: what the name server says at each connection in turn, and what may be opened. */
export type NameRow = {
  id: string
  why: string
  name: string
  /** The addresses at the first connection, at the second, and so on; the last answer stays. */
  answers: readonly (readonly string[])[]
  /** The addresses that may be connected to, over all connections. */
  opens: readonly string[]
}

/** Somewhere out in the world; nothing is ever sent there, as tests refuse every connection or are fenced in. */
export const publicAddress = '93.184.215.14'
/** Another one. */
export const otherPublicAddress = '93.184.215.15'

const row = (id: string, why: string, addresses: readonly string[], opens: readonly string[] = []): NameRow => ({
  ...{ id, why, name: `${why.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}.example.com` },
  ...{ answers: [addresses], opens },
})

const local = (id: string, name: string): NameRow => ({
  ...{ id, why: 'known on local networks only', name, answers: [[publicAddress]], opens: [] },
})

/** Every way of misleading by a name that we know, and those right beside them that mislead nobody. */
export const namesTable: readonly NameRow[] = [
  {
    ...row('D01', 'rebound between two questions', [], [publicAddress]),
    answers: [[publicAddress], ['127.0.0.1']],
  },
  { ...row('D02', 'flipped after it was registered', [], [publicAddress]), answers: [[publicAddress], ['10.0.0.1']] },
  row('D03', 'loopback', ['127.0.0.1']),
  row('D03', 'metadata', ['169.254.169.254']),
  row('D04', 'public first and private second', [publicAddress, '10.0.0.1']),
  row('D04', 'private first and public second', ['10.0.0.1', publicAddress]),
  row('D05', 'IPv4-mapped loopback beside public', [publicAddress, '::ffff:127.0.0.1']),
  row('D05', 'IPv6 loopback beside public', [publicAddress, '::1']),
  row('D05', 'NAT64 beside public', [publicAddress, '64:ff9b::7f00:1']),
  row('D06', 'end of a chain of names', ['192.168.7.7']),
  row('D06', 'end of a chain at localhost', ['127.0.0.1', '::1']),
  row('D07', 'unspecified', ['0.0.0.0']),
  row('D07', 'unspecified in IPv6', ['::']),
  row('D08', 'first refuses and second is private', [publicAddress, '127.0.0.1']),
  row(
    'D08',
    'first refuses and second is public',
    [publicAddress, otherPublicAddress],
    [publicAddress, otherPublicAddress],
  ),
  ...['metadata', 'db', 'postgres'].map((name) => local('D09', name)),
  ...['printer.local', 'api.internal', 'nas.home.arpa', 'x.svc.cluster.local', 'a.localhost', 'a.onion'].map((name) =>
    local('D10', name),
  ),
]
