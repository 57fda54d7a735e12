import type { CampaignStanding } from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'
import { type ConsentView, otherAccount } from './consent.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { type PledgeForm, pledgeForm } from './pledge-form.ts'
import type { Visit } from './visit.ts'

/** A pledge that a client asks for, before it asks to be let in. */
export type BecomePatronView = ConsentView & {
  form: Omit<PledgeForm, 'csrfToken' | 'action'>
  creatorName: string
  smallestCents: number
}

/** Where somebody becomes a patron of a client's creator; letting the client in is the next page. */
export function becomePatronPage(visit: Visit, view: BecomePatronView): Html {
  const { request, account, address, form, creatorName, smallestCents } = view
  const { campaign }: CampaignStanding = form.standing
  return layout(
    campaign.creationName,
    visit,
    html`<h1>Become a patron of ${creatorName}</h1>
<p>${request.client.name} is for those who pledge at least ${dollars(smallestCents)} to <a href="/c/${campaign.vanity}">${campaign.creationName}</a>.
Then you are asked what it may see.</p>
${pledgeForm({ ...form, action: address, csrfToken: visit.csrfToken })}
${otherAccount(visit, account, address)}`,
  )
}
