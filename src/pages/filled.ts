import type { Refusal } from '../domain/refusal.ts'
import { fieldsFor, fieldsSent, type PledgeFields } from './pledge-form.ts'
import { type TrialFields, trialAtFirst, trialSent } from './trial.ts'
import type { Visitor } from './visitor.ts'

/** The forms with something to fill in, as they were filled in, and what was wrong with one of them. */
export type Filled = {
  pledge: PledgeFields
  trial: TrialFields
  refused: {
    pledge: Refusal | null
    trial: Refusal | null
    /** Of a form that is nothing but a button, or that is not on the page any more. */
    elsewhere: Refusal | null
  }
}

/** The forms as they are first shown; with a tier chosen where the address names one. */
export const filledAtFirst = (visitor: Visitor | null, tierId: string): Filled => ({
  pledge: fieldsFor(visitor?.pledge ?? null, tierId),
  trial: { ...trialAtFirst, tierId },
  refused: { pledge: null, trial: null, elsewhere: null },
})

/** The forms after one was refused: what was typed into it is kept, and told beside it if it is still on the page. */
export function filledAfter(
  { form, body, refusal }: { form: string; body: unknown; refusal: Refusal },
  visitor: Visitor,
): Filled {
  const atFirst = filledAtFirst(visitor, '')
  if (form === 'pledge' && hasPledgeForm(visitor)) {
    return { ...atFirst, pledge: fieldsSent(body), refused: { ...atFirst.refused, pledge: refusal } }
  }
  if (form === 'trial' && visitor.mayTry) {
    return { ...atFirst, trial: trialSent(body), refused: { ...atFirst.refused, trial: refusal } }
  }
  return { ...atFirst, refused: { ...atFirst.refused, elsewhere: refusal } }
}

// A gift is as it was given.
const hasPledgeForm = ({ isCreator, pledge }: Visitor): boolean => !isCreator && pledge?.kind !== 'gift'
