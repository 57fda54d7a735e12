import { z } from 'zod'
import { highestScore, nameLimit } from '../../domain/kitten.ts'
import { Refusal } from '../../domain/refusal.ts'
import { createKitten, deleteKitten, goneKitten, unknownKitten } from '../../kittens/commands.ts'
import type { ApiTools } from '../api/tools.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'

const kittenShape = z
  .object({
    id: z.number().int(),
    name: z.string(),
    breed: z.string(),
    fluffiness: z.number().int(),
    cuteness: z.number().int(),
  })
  .meta({ id: 'Kitten' })

const score = z.number().int().min(0).max(highestScore)
const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

/** The kittens, as the page has them (wire.md §10). */
export const kittenCalls = (tools: ApiTools) => ({
  list: listKittensCall(tools),
  show: showKittenCall(tools),
  create: createKittenCall(tools),
  delete: deleteKittenCall(tools),
})

const calls = { tag: 'kittens', scope: 'kittens' } as const

const listKittensCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'listKittens',
    summary: 'Get all kittens',
    query: z.object({ include_cats: flag.default(false), available: flag.default(true) }),
    answer: z.array(kittenShape),
    handle: ({ query: { include_cats: includeCats, available: onlyAvailable } }) =>
      store.read.kittens.list({ includeCats, onlyAvailable }),
  })

const showKittenCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'showKitten',
    summary: 'Get a specific kitten',
    params: z.object({ id: z.string() }),
    answer: kittenShape,
    async handle({ params }) {
      const id = kittenId(params.id)
      const found = await store.read.kittens.find(id)
      if (found === null) throw unknownKitten(id)
      if (found.isDeleted) throw goneKitten(id)
      return found.kitten
    },
  })

const createKittenCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'createKitten',
    summary: 'Add a kitten',
    body: z.strictObject({
      name: z.string().min(1).max(nameLimit),
      breed: z.string().min(1).max(nameLimit).default('unknown'),
      fluffiness: score,
      cuteness: score,
    }),
    status: 201,
    answer: kittenShape,
    handle: ({ body }) => store.execute(createKitten, body, clock.now()),
  })

const deleteKittenCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'deleteKitten',
    summary: 'Delete a specific kitten',
    params: z.object({ id: z.string() }),
    answer: z.object({ id: z.number().int(), deleted: z.string() }),
    handle: ({ params }) => store.execute(deleteKitten, { id: kittenId(params.id) }, clock.now()),
  })

function kittenId(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text)
  throw new Refusal('kitten_not_found', {
    message: `${JSON.stringify(text.slice(0, 40))} is no kitten's id.`,
    field: 'id',
    expected: 'a whole number from 1, such as 2',
  })
}
