/** What keeps a server from starting, in words for whoever starts it. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart'
}
