import { kittensTenant } from '../domain/event.ts'
import type { Kitten, NewKitten } from '../domain/kitten.ts'
import { Refusal } from '../domain/refusal.ts'
import { command } from '../store/command.ts'
import { firstKittens } from './first-kittens.ts'
import { creationBody, deletionBody, farewell } from './kitten.ts'

/** A kitten is born, and everybody who listens hears of it. */
export const createKitten = command('kittens.create', async (records, input: NewKitten, at): Promise<Kitten> => {
  const kitten = await records.kittens.insert({ ...input, species: 'kitten', isAvailable: true }, at.now)

  at.happens({ tenant: kittensTenant, trigger: 'kittens:create', body: creationBody(kitten) })
  return kitten
})

/**
 * Brings the first kittens into an empty house. Who was deleted since stays deleted; nobody hears of them, because
 * they were there before anybody could listen.
 */
export const seedKittens = command(
  'kittens.seed',
  async (records, _input: Record<string, never>, at): Promise<void> => {
    if (!(await records.kittens.isEmpty())) return
    for (const arrival of firstKittens) await records.kittens.insert(arrival, at.now)
  },
)

/** A kitten is deleted for good: from then on it is gone, not unknown. */
export const deleteKitten = command('kittens.delete', async (records, { id }: { id: number }, at) => {
  const found = await records.kittens.find(id)
  if (found === null) throw unknownKitten(id)
  if (found.isDeleted) throw goneKitten(id)

  await records.kittens.delete(id, at.now)
  at.happens({ tenant: kittensTenant, trigger: 'kittens:delete', body: deletionBody(id) })
  return farewell(id)
})

/** No kitten ever had this id. */
export const unknownKitten = (id: number): Refusal =>
  new Refusal('kitten_not_found', {
    message: `There is no kitten ${id}.`,
    field: 'id',
    expected: 'the id of a kitten that GET /api/kittens lists',
  })

/** There was one, and it was deleted. */
export const goneKitten = (id: number): Refusal =>
  new Refusal('kitten_gone', { message: `Kitten ${id} was deleted. It will not come back.`, field: 'id' })
