import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'

/**
 * The addresses of the machine that this runs on. They come and go.
 *
 * What listens on a public address of ours may be shut to the world and open to us, and so may our own door.
 */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries = []) =>
    entries.map(({ address }) => ipaddr.parse(address.replace(/%.*/, '')).toString()),
  )
}
