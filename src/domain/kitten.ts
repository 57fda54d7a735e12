/** A kitten, or a cat that may be listed beside them. */
export type Kitten = {
  id: number
  name: string
  breed: string
  fluffiness: number
  cuteness: number
}

/** What is asked of a list of kittens (wire.md §10). */
export type KittenFilter = {
  /** Cats too. */
  includeCats: boolean
  /** False: also those that found a home already. */
  onlyAvailable: boolean
}

/** A kitten that is about to be made. */
export type NewKitten = Omit<Kitten, 'id'>

/** A kitten or a cat on its way in, and whether it still looks for a home. */
export type Arrival = NewKitten & { species: 'kitten' | 'cat'; isAvailable: boolean }

/** Names and breeds longer than this are mistakes. */
export const nameLimit = 100

/** Fluffiness and cuteness go from 0 to 10. */
export const highestScore = 10
