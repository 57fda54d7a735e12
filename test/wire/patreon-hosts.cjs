// Loaded before an app: its TLS connections to Patreon's hosts go to a port on this machine instead. The name that the
// certificate must prove stays the same.
const tls = require('node:tls')

const hosts = ['www.patreon.com', 'api.patreon.com', 'patreon.com']
const connect = tls.connect

tls.connect = (...args) => {
  const [options] = args
  if (typeof options !== 'object' || !hosts.includes(options.servername ?? options.host)) return connect(...args)
  const name = options.servername ?? options.host
  const here = { ...options, host: '127.0.0.1', port: Number(process.env.PATREON_FRONT_PORT), servername: name }
  return connect(here, ...args.slice(1))
}
