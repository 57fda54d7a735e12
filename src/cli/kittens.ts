import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { calling, given, group, wholeNumber } from './options.ts'
import { facts, table } from './table.ts'

type Kitten = Schemas['Kitten']
type NewKitten = Printing & { breed?: string; fluffiness: number; cuteness: number }

/** `tidings kittens`: the kittens. */
export function addKittens(program: Command, hand: Hand): void {
  const kittens = group(program, 'kittens', 'the kittens')
  calling(kittens, 'list', 'get all kittens')
    .option('--include-cats', 'cats too')
    .option('--adopted', 'also those that found a home already')
    .action(({ includeCats, adopted, ...options }: Printing & { includeCats?: true; adopted?: true }) =>
      hand.tell(
        options,
        (api) =>
          api.GET('/api/kittens', {
            params: {
              query: {
                include_cats: includeCats === true ? 'true' : 'false',
                available: adopted === true ? 'false' : 'true',
              },
            },
          }),
        listOf,
      ),
    )
  calling(kittens, 'show <id>', 'get a specific kitten').action((id: string, options: Printing) =>
    hand.tell(options, (api) => api.GET('/api/kittens/{id}', { params: { path: { id } } }), described),
  )
  calling(kittens, 'create <name>', 'add a kitten')
    .option('--breed <breed>', 'what kind of kitten')
    .requiredOption('--fluffiness <score>', 'from 0 to 10', wholeNumber)
    .requiredOption('--cuteness <score>', 'from 0 to 10', wholeNumber)
    .addHelpText('after', '\nExample:\n  tidings kittens create Pip --breed tabby --fluffiness 6 --cuteness 9')
    .action((name: string, { breed, fluffiness, cuteness, ...options }: NewKitten) =>
      hand.tell(
        options,
        (api) => api.POST('/api/kittens', { body: { name, fluffiness, cuteness, ...given({ breed }) } }),
        described,
      ),
    )
  calling(kittens, 'delete <id>', 'delete a specific kitten').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.DELETE('/api/kittens/{id}', { params: { path: { id } } }),
      ({ deleted }) => `Kitten ${id} is deleted ${deleted}`,
    ),
  )
}

const listOf = (kittens: readonly Kitten[]): string =>
  table(
    ['id', 'name', 'breed', 'fluffiness', 'cuteness'],
    kittens.map(({ id, name, breed, fluffiness, cuteness }) => [id, name, breed, fluffiness, cuteness]),
    'No kittens. `tidings kittens create <name>` adds one.',
  )

const described = ({ id, name, breed, fluffiness, cuteness }: Kitten): string =>
  facts(`Kitten ${id}: ${name}`, { breed, fluffiness, cuteness })
