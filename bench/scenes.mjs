// Who hears what: how events are numbered is the same in all rows, which webhooks they go to is not.

/**
 * Each has so many webhooks, all with an origin of their own, and one tenant for each of them unless it says otherwise.
 * `tenantOf(number, webhooks)` says whose event has this number.
 */
const kinds = {
  /** Fifty tenants in turn. */
  turns: { webhooks: 50, tenantOf: (number, webhooks) => number % webhooks },
  /** One tenant, to whom all webhooks listen. */
  fanOut: { webhooks: 100, tenantOf: () => 0, isHeardByAll: true },
  /** Every other event is the first tenant's; the others take turns. */
  halfToOne: {
    webhooks: 100,
    tenantOf: (number, webhooks) => (number % 2 === 0 ? 0 : 1 + (((number - 1) / 2) % (webhooks - 1))),
  },
  /** A crowd, in no order: whoever keeps sockets for those it met last must not be met by all others in a row. */
  crowd: { webhooks: 10_000, tenantOf: (number, webhooks) => scattered(number) % webhooks },
}

/** The same number for the same number, and for its neighbour any other (the last steps of MurmurHash3). */
function scattered(number) {
  const mixed = Math.imul(number ^ (number >>> 16), 0x85ebca6b)
  const again = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (again ^ (again >>> 16)) >>> 0
}

/** A scene by its name, smaller where one says so. */
export function sceneOf({ name, webhooks = kinds[name].webhooks }) {
  const { tenantOf, isHeardByAll = false } = kinds[name]
  return {
    name,
    webhooks,
    /** How many deliveries an event makes. */
    copies: isHeardByAll ? webhooks : 1,
    tenantOf: (number) => tenantOf(number, webhooks),
    /** Whose events the webhook at this place hears. */
    heardAt: (place) => (isHeardByAll ? 0 : place),
  }
}
