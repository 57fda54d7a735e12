/** What a page may load, and where its forms may lead: to us alone, and no script at all (W3C Content Security Policy). */
export const pagePolicy = {
  'default-src': ["'none'"],
  'style-src': ["'self'"],
  'img-src': ["'self'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
}

/**
 * The policy of a page whose form may end at a client. Browsers hold the whole chain of redirects behind a form to
 * `form-action`, and a client's redirect URI often leads on to another of its hosts, which nobody here knows: so the
 * form may lead to anything on the web. What is on the page is escaped, so nobody but us puts a form there. (A page
 * with a link or a refresh instead of the redirect would keep the limit; but programs that send the form, as tests of
 * integrators do, want the redirect that Patreon gives them.)
 */
export const policyOfFormTo = (redirectUri: string): string =>
  written({
    ...pagePolicy,
    // Plain http is for clients on the developer's own machine.
    'form-action': ["'self'", 'https:', ...(redirectUri.startsWith('http:') ? ['http:'] : [])],
  })

const written = (policy: typeof pagePolicy): string =>
  Object.entries(policy)
    .map(([directive, values]) => `${directive} ${values.join(' ')}`)
    .join(';')
