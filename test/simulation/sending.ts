/** What every request to a receiver must be. */
import { createHmac } from 'node:crypto'
import { bodyFor } from '#src/domain/event.ts'
import type { Court } from './court.ts'
import { grace, type Post, type Story } from './ledger.ts'
import type { Life } from './process.ts'

/** Requests in flight to one webhook, and in all (design.md, limits). */
const inFlightPerWebhook = 8
const inFlightInAll = 1_024

/** Judges a request as it leaves. */
export function judgeRequest(court: Court, post: Post, life: Life): void {
  const story = court.ledger.webhooks.get(post.way.key.webhookId)
  if (story === undefined) return court.fail('a request goes to a webhook that nobody registered')
  const broken =
    mayHear(court, post, story) ?? isAsItShouldBe(court, post, story) ?? isHandedOut(post, life) ?? hasRoom(court, post)
  if (broken !== null) court.fail(`a request for ${nameOf(post)}: ${broken}`)
}

export const nameOf = ({ way }: Post): string => `${way.key.sequence}-${way.key.webhookId}`

function mayHear({ ledger, scheduler, faults }: Court, { way }: Post, story: Story): string | null {
  if (!ledger.mayHear(story, way.event)) return 'its webhook does not hear this event'
  if (story.stoppedSince !== null && scheduler.now - story.stoppedSince > grace) {
    return 'its webhook is paused or deleted'
  }
  if (faults.isCalm && way.posts.length > 0) return 'nothing went wrong, and yet it is sent twice'
  return null
}

function isAsItShouldBe({ scheduler }: Court, post: Post, story: Story): string | null {
  const { request, way, startedAt } = post
  const header = (name: string) => request.headers.find(([one]) => one === name)?.[1] ?? ''
  const told = bodyFor(way.event, 0)
  if (request.body !== told && Buffer.compare(request.body, told) !== 0)
    return 'its body is not the one that was accepted'
  if (header('X-Patreon-Event') !== way.event.trigger) return 'its trigger is another'
  const timestamp = String(Math.floor(startedAt / 1000))
  if (header('webhook-timestamp') !== timestamp) return 'its timestamp is not the time'

  const guises = story.guises.filter(({ until }) => until === null || scheduler.now - until <= grace)
  if (!guises.some(({ uri }) => uri === String(request.uri))) return 'it goes where its webhook is no more'
  const md5 = (secret: string) => createHmac('md5', secret).update(told).digest('hex')
  if (!guises.some(({ secret }) => md5(secret) === header('X-Patreon-Signature')))
    return 'it is signed with another secret'
  const id = `${way.event.id}~${way.event.trigger}`
  const sha256 = (key: Uint8Array) =>
    `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(told).digest('base64')}`
  if (!guises.some(({ standardKey }) => sha256(standardKey) === header('webhook-signature'))) {
    return 'its standard signature does not verify'
  }
  return null
}

/** Each request has a hand-out of its own: one straight from the journal while nothing was written down, and each lease. */
function isHandedOut({ way }: Post, life: Life): string | null {
  const fromJournal = way.writtenIn === null || way.writtenIn === life.number ? 1 : 0
  const allowed = fromJournal + (way.leases.get(life.number) ?? 0)
  const made = way.posts.filter((post) => post.life === life.number).length
  return made < allowed ? null : `it was handed out ${allowed} times and is sent once more`
}

function hasRoom({ ledger }: Court, { way, life }: Post): string | null {
  const flying = ledger.flyingIn(life)
  if (flying.size >= inFlightInAll) return `${flying.size} are in flight already`
  let sameWebhook = 0
  for (const other of flying) if (other.way.key.webhookId === way.key.webhookId) sameWebhook += 1
  return sameWebhook >= inFlightPerWebhook ? `${sameWebhook} to this webhook are in flight already` : null
}
