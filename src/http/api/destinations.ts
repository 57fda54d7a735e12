import { destinationOf, plainSpelling } from '../../domain/destination.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ApiTools } from './tools.ts'

/**
 * The spelling in which a webhook's URI is kept. Refuses one that nothing can ever be delivered to; names are looked up,
 * and judged, at every connection.
 */
export function destinationIn(
  uri: string,
  { destinations, mayReach }: Pick<ApiTools, 'destinations' | 'mayReach'>,
): string {
  const destination = destinationOf(uri, destinations)
  if (destination.kind === 'fault') {
    const isForbidden = destination.code === 'name_local' || destination.code === 'port_forbidden'
    throw new Refusal(isForbidden ? 'uri_forbidden' : 'uri_malformed', {
      message: `${JSON.stringify(uri.slice(0, 200))} can't be a webhook's URI.`,
      field: 'uri',
      expected: destination.advice,
    })
  }
  if (destination.isAddress && !mayReach(destination.host)) {
    throw new Refusal('uri_forbidden', {
      message: `The address ${destination.host} is in a network that receivers may not be in, or this machine's own.`,
      field: 'uri',
      expected: 'a public address, or a network that the operator opened with TIDINGS_ALLOW_PRIVATE',
    })
  }
  return plainSpelling(uri, destination)
}
