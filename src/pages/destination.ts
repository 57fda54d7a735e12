/** Longer than any address of ours, an authorization request with its parameters included. */
export const addressLimit = 4000

// Used only to read a path the way a browser does; nothing is ever sent there.
const anyOrigin = 'http://origin.invalid'

/**
 * Where to go after log-in: `next` if it is a path of this server, else the first page. What begins with `//` or has a
 * `\` leads to another server; browsers drop tabs and line ends before they look; and `/.//` becomes `//` once read.
 */
export function destinationAfterLogIn(next: string): string {
  if (!isPath(next) || next.length > addressLimit) return '/'
  if (!URL.canParse(next, anyOrigin)) return '/'
  const read = new URL(next, anyOrigin)
  if (read.origin !== anyOrigin) return '/'
  const path = `${read.pathname}${read.search}${read.hash}`
  return isPath(path) ? path : '/'
}

const isPath = (text: string): boolean => /^\/(?!\/)[^\\\p{Cc}]*$/u.test(text)

/** Log-in that comes back to a path of this server. */
export const logInBefore = (path: string): string => `/login?next=${encodeURIComponent(path)}`

/** The page for one's address, which leads back to a path of this server. */
export const addressBefore = (path: string): string => `/address?next=${encodeURIComponent(path)}`
