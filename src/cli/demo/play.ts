/** The demo from its first kitten to its last delivery; what it does is said in a line while it does it. */
import { join } from 'node:path'
import { makeKey } from '../../accounts/commands.ts'
import type { Clock } from '../../clock.ts'
import { operatorKeyName, readIfThere } from '../../data-folder.ts'
import { seedKittens } from '../../kittens/commands.ts'
import type { Server } from '../../main.ts'
import { answerOf, apiAt, type Schemas } from '../api.ts'
import { Trouble } from '../hand.ts'
import { KeptFile } from './kept.ts'
import { type Receiver, startReceiver } from './receiver-process.ts'
import { campaignOf, clientOf, creatorIn, type Pair, patronFor, pointAt, type Tools, webhookOf } from './scene.ts'
import { type Chapter, story } from './story.ts'

/** The API key that the page shows. */
export const demoKey = 'meowmeowmeow'

/** Where the demo plays, and who is told what happens. */
export type Stage = {
  server: Pick<Server, 'url' | 'execute' | 'clock'>
  dataFolder: string
  clock: Clock
  signal: AbortSignal
  /** Something is ready. */
  ready: (what: string, detail: string) => void
  /** The receiver runs, and must be stopped in the end. */
  started: (receiver: Receiver) => void
}

/** Everything that the final screen shows. */
export type Played = {
  creator: Schemas['Account']
  patron: Schemas['Account']
  campaign: Schemas['Campaign']
  client: Pair
  webhookId: string
  isPaused: boolean
  chapters: readonly Chapter[]
  /** A kitten that the demo's key shows; null when there is none, or the key was revoked. */
  kitten: Schemas['Kitten'] | null
}

/** Plays the demo. What an earlier start made is found, and what somebody deleted since stays deleted. */
export async function play(stage: Stage): Promise<Played> {
  const { server, clock, signal } = stage
  const tools = toolsFor(stage)
  await server.execute(seedKittens, {}, server.clock.now())
  const creator = await creatorIn(tools)
  const kitten = await kittenIn(stage, tools)

  const campaign = await campaignOf(creator.id, tools)
  stage.ready('campaign', `${creator.full_name} makes ${campaign.creation_name}, in ${campaign.tiers.length} tiers`)
  const client = await clientOf(creator.id, tools)
  stage.ready('client', `“${await nameOf(client, tools)}” may see that campaign`)
  const webhook = await webhookOf(client, tools)
  const receiver = await startReceiver({ ...client, ...webhook })
  stage.started(receiver)
  await pointAt(receiver.uri, webhook.id, tools)
  stage.ready('receiver', `a process of its own at ${receiver.uri}`)

  const patron = await patronFor(campaign.id, tools)
  const chapters: Chapter[] = []
  // What is held while its webhook is paused does not come, however long one waits.
  const cast = { campaign, patronId: patron.id, webhookId: webhook.id }
  if (!webhook.isPaused)
    for await (const chapter of story(cast, { ...tools, clock, receiver, signal })) chapters.push(chapter)
  return { creator, patron, campaign, client, webhookId: webhook.id, isPaused: webhook.isPaused, chapters, kitten }
}

function toolsFor({ server, dataFolder }: Stage): Tools {
  const file = join(dataFolder, operatorKeyName)
  const key = readIfThere(file)?.trim() ?? null
  if (key === null) throw new Trouble(`The demo needs the operator's API key, and ${file} is not there.`)
  return { api: apiAt({ url: server.url, key }), url: server.url, kept: new KeptFile(dataFolder) }
}

async function kittenIn(stage: Stage, { kept, url }: Tools): Promise<Schemas['Kitten'] | null> {
  const asVisitor = apiAt({ url, key: demoKey })
  let reply = await asVisitor.GET('/api/kittens')
  if (reply.data === undefined && kept.now.isKeyMade !== true) {
    await makeDemoKey(stage, kept)
    reply = await asVisitor.GET('/api/kittens')
  }
  kept.add({ isKeyMade: true })
  if (reply.data === undefined) return null
  stage.ready('kittens', namesOf(reply.data))
  return reply.data.find(({ id }) => id === 2) ?? reply.data[0] ?? null
}

/** Only a command can choose a key's text: the API makes keys that nobody can guess. */
async function makeDemoKey({ server }: Stage, { now: { creatorId: accountId } }: KeptFile): Promise<void> {
  if (accountId === undefined) return
  const key = { accountId, name: 'the demo’s kittens', key: demoKey, scopes: ['kittens'] } as const
  await server.execute(makeKey, key, server.clock.now())
}

function namesOf(kittens: readonly { name: string }[]): string {
  if (kittens.length === 0) return 'none are left'
  const names = kittens.slice(0, 3).map(({ name }) => name.slice(0, 16))
  return kittens.length === names.length
    ? names.join(', ')
    : `${names.join(', ')} and ${kittens.length - names.length} more`
}

async function nameOf({ id }: Pair, { api }: Tools): Promise<string> {
  return (await answerOf(api.GET('/api/v1/clients/{id}', { params: { path: { id } } }))).name
}
