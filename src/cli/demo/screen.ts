/** What the demo says: a line for everything that is ready, a calm screen in the end, a line for what happens later. */
import { bold, cyan, dim, green, red, yellow } from 'ansis'
import { oneLine } from '../terminal-text.ts'
import { demoKey, type Played } from './play.ts'
import type { Heard } from './receiver-process.ts'
import type { Chapter } from './story.ts'

/** How the server is reached, and how the command line finds it. */
export type Doors = {
  url: string
  /** The operator whom the first start made, and the link by which they choose a password. */
  first: { email: string; link: string | null } | null
  /** What the command line must be told; empty where its defaults are right. */
  exports: readonly string[]
}

/** Something is ready. */
export const readyLine = (what: string, detail: string): string =>
  `  ${green('✓')} ${what.padEnd(10)} ${dim(oneLine(detail))}`

/** A delivery that nobody asked for: somebody uses the demo. */
export const heardLine = ({ event, verified, status }: Heard, time: string): string =>
  `  ${dim(time)}  ${oneLine(event ?? '(no trigger)').padEnd(14)}  ${statusText(status)} ${verdict(verified)}`

/** The whole final screen. */
export function finalScreen(played: Played, doors: Doors): string {
  const parts = [storyPart(played), doorsPart(played, doors), clientPart(played), commandsPart(played, doors)]
  return `\n${parts.join('\n\n')}\n\n${dim('Ctrl-C stops it. Deliveries that happen meanwhile are shown here.')}`
}

function storyPart({ creator, patron, chapters, isPaused, webhookId }: Played): string {
  if (isPaused) {
    return `${yellow('The demo’s webhook is paused')}, so nothing was delivered. This resumes it:\n  npx tidings webhooks resume ${webhookId}`
  }
  const title = `${patron.full_name} pledged to ${creator.full_name}, changed the pledge, and cancelled it:`
  return [bold(oneLine(title)), ...chapters.map(chapterPart)].join('\n\n')
}

function chapterPart({ trigger, heard, delivery }: Chapter): string {
  const name = bold(trigger.padEnd(14))
  if (heard === null) return `  ${name}  ${red('no delivery came in time')}; its log: npx tidings deliveries list`
  const attempt = delivery?.attempts.at(-1)
  const took =
    attempt === undefined
      ? ''
      : dim(` at ${clockTime(attempt.started_at)}, ${Math.max(1, Math.round(attempt.duration_ms))} ms`)
  return [`  ${name}  ${statusText(heard.status)} ${verdict(heard.verified)}${took}`, ...headerLines(heard)].join('\n')
}

const shownHeaders = /^(?:x-patreon-|webhook-)/i
const namesLength = 'X-Patreon-Signature'.length

function headerLines({ headers }: Heard): string[] {
  return headers.flatMap((name, index) => {
    if (index % 2 === 1 || !shownHeaders.test(name)) return []
    const line = `    ${oneLine(name).padEnd(namesLength)}  ${oneLine(headers[index + 1] ?? '')}`
    return [/^x-/i.test(name) ? line : dim(line)]
  })
}

/** The time of day of a moment of the API. */
export const clockTime = (at: string): string => at.slice(11, 19)

const statusText = (status: number): string => (status < 300 ? green(String(status)) : red(String(status)))

const verdict = (isVerified: boolean): string =>
  isVerified ? green('verified by the receiver') : red('rejected by the receiver: the signature is wrong')

function doorsPart({ campaign }: Played, { url, first }: Doors): string {
  const lines = [bold('Open'), `  ${cyan(`${url}/`)}`, `  ${cyan(`${url}/c/${campaign.vanity}`)}`]
  if (first?.link !== null && first !== null) {
    lines.push('', `${bold('Choose the operator’s password')} ${dim(`(${first.email}; the link works once)`)}`)
    lines.push(`  ${cyan(first.link)}`)
  }
  return lines.join('\n')
}

const clientPart = ({ client }: Played): string =>
  [
    `${bold('The OAuth client')} ${dim('(its secret is what X-Patreon-Signature is keyed with)')}`,
    `  id      ${client.clientId}`,
    `  secret  ${client.clientSecret}`,
  ].join('\n')

function commandsPart(played: Played, { url, exports }: Doors): string {
  const { kitten, chapters, webhookId, creator } = played
  const last = chapters.at(-1)?.delivery
  const commands = [
    ...exports,
    ...(kitten === null ? [] : [`curl "${url}/api/kittens/${kitten.id}" -H "Authorization: ${demoKey}"`]),
    'npx tidings deliveries list',
    ...(last === null || last === undefined ? [] : [`npx tidings deliveries show ${last.id}`]),
    `npx tidings webhooks test ${webhookId} --trigger pledges:create`,
    `npx tidings clock move turn  ${dim('# the month turns, and members are charged')}`,
    `npx tidings accounts link ${creator.id}  ${dim(`# a link to log in as ${oneLine(creator.full_name)}`)}`,
  ]
  return [bold('Go on with'), ...commands.map((command) => `  ${command}`)].join('\n')
}
