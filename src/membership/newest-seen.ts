import { Refusal } from '../domain/refusal.ts'

/**
 * A form that is sent twice, or from an old window, makes nothing a second time, where what it makes can't be taken back.
 * It says which was the newest when it was shown; empty where there was none.
 */
export function mustHaveSeen(
  newest: { id: string; title: string } | null | undefined,
  { seenId, kind }: { seenId: string; kind: 'post' | 'tier' },
): void {
  if (newest === null || newest === undefined || Number(newest.id) <= Number(seenId)) return
  throw new Refusal('form_expired', {
    message: `“${newest.title}” was made since this form was shown. If this is another ${kind}, send it now.`,
    expected: `a form that was shown after the newest ${kind}`,
  })
}
