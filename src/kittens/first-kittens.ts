import type { Arrival } from '../domain/kitten.ts'

/** The kittens of the page, with the ids that it shows, and some company: one is a cat, and one has a home already. */
export const firstKittens: readonly Arrival[] = [
  { name: 'Fluffums', breed: 'calico', fluffiness: 6, cuteness: 7, species: 'kitten', isAvailable: true },
  { name: 'Max', breed: 'unknown', fluffiness: 5, cuteness: 10, species: 'kitten', isAvailable: true },
  { name: 'Biscuit', breed: 'tabby', fluffiness: 7, cuteness: 8, species: 'kitten', isAvailable: true },
  { name: 'Duchess', breed: 'persian', fluffiness: 10, cuteness: 6, species: 'cat', isAvailable: true },
  { name: 'Pepper', breed: 'siamese', fluffiness: 3, cuteness: 9, species: 'kitten', isAvailable: false },
]
