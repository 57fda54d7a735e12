/**
 * What a receiver says to what waited for it. Patreon reports it when a webhook is resumed, in a form that nobody wrote
 * down (wire.md §2.5); here it stands in `meta`, where clients that want the webhook alone don't look.
 */
import type { Outcome } from '../../domain/outcome.ts'
import { inWords } from '../../domain/outcome-in-words.ts'
import { type Duration, seconds } from '../../domain/time.ts'
import type { Webhook } from '../../domain/webhook.ts'
import type { ApiTools } from '../api/tools.ts'

/** Less than clients wait for an answer before they give up. */
const reportWait: Duration = seconds(10)

/** How the first attempt after a resumption ended. */
export type Report = { attempted: boolean; status: number | null; in_words: string }

/** What is needed to see it. */
export type ReportTools = Pick<ApiTools, 'store' | 'clock' | 'wake'> & {
  nextOutcome: (webhookId: string, signal: AbortSignal) => Promise<Outcome | null>
}

/** Resumes a webhook and waits, for a while, for what its receiver says. */
export async function reported(
  id: string,
  resume: () => Promise<Webhook>,
  { store, clock, wake, nextOutcome }: ReportTools,
): Promise<{ webhook: Webhook; report: Report }> {
  const { due, held } = await store.deliveries.findHealth(id)
  const over = new AbortController()
  // Before anything can be sent, so that nothing is missed.
  const first = nextOutcome(id, over.signal)
  try {
    const webhook = await resume()
    wake()
    if (due + held === 0) return { webhook, report: nothingWaited }
    await Promise.race([first, clock.sleepUntil(clock.now() + reportWait, over.signal)])
    over.abort()
    return { webhook, report: reportOf(await first) }
  } finally {
    over.abort()
  }
}

const nothingWaited: Report = { attempted: false, status: null, in_words: 'Nothing waited for this webhook.' }

const notYet: Report = {
  attempted: false,
  status: null,
  in_words: `No attempt ended within ${reportWait / seconds(1)} seconds. What waits is sent all the same.`,
}

function reportOf(outcome: Outcome | null): Report {
  if (outcome === null) return notYet
  const status = outcome.kind === 'answered' ? outcome.answer.status : null
  return { attempted: true, status, in_words: inWords(outcome) }
}
