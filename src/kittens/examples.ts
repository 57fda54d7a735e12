import type { RegisteredTrigger } from '../domain/trigger.ts'
import { creationBody, deletionBody } from './kitten.ts'

const max = { id: 2, name: 'Max', breed: 'unknown', fluffiness: 5, cuteness: 10 }

/** What the kittens cause, with a body such as a receiver will get. */
export const kittenTriggerList: readonly RegisteredTrigger[] = [
  { name: 'kittens:create', description: 'A kitten was added.', example: text(creationBody(max)) },
  { name: 'kittens:delete', description: 'A kitten was deleted.', example: text(deletionBody(max.id)) },
]

function text(body: Uint8Array): string {
  return Buffer.from(body).toString('latin1')
}
