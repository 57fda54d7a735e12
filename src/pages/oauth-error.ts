import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import type { Visit } from './visit.ts'

/** More than any of our own descriptions has. */
const shownLength = 200

/**
 * What is wrong with a client that sent somebody here. The texts come from the address, so anybody may have written
 * them: they are quoted, and cut.
 */
export const oauthErrorPage = (visit: Visit, { error, description }: { error: string; description: string }): Html =>
  layout(
    'This does not work',
    visit,
    html`<h1>The application made a mistake</h1>
<p>It sent you here with a request that can’t be answered, so you are not sent back either. Whoever makes the application
can repair it; a common reason is a <code>redirect_uri</code> that is not registered exactly as it was sent.</p>
<p class="faint">What was wrong: <code>${error.slice(0, shownLength)}</code> — <q>${description.slice(0, shownLength)}</q></p>
<p><a href="/">To the first page</a></p>`,
  )
