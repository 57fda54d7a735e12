/** A model memory with nothing going wrong around it, for the suites that tie the model to the real stores. */
import { commands } from '#src/commands.ts'
import type { Vault } from '#src/domain/vault.ts'
import type { Command, Happening } from '#src/store/command.ts'
import { now, type Place, tell } from '../store/stage.ts'
import { Dice } from './dice.ts'
import { type Memory, ModelMemory } from './memory.ts'
import { journalOver, storeOver } from './store.ts'
import { type Surroundings, Writer } from './writer.ts'

/** Hides nothing: what is sealed is not what is simulated. */
export const openVault: Vault = {
  seal: (secret) => Buffer.from(secret),
  open: (sealed) => Buffer.from(sealed).toString(),
}

/** What `tell` of the suites does, where its commands run. */
const telling: Command<Happening & { clientId: string }, null> = {
  name: tell.name,
  async run(records, { clientId, ...happening }, at) {
    at.happens(happening)
    if ((await records.clients.find(clientId)) === null) throw new Error('this command fails when all is done')
    return null
  },
}

/** Opens a fresh one. */
export async function aModelPlace(): Promise<Place> {
  return placeOn(new ModelMemory({ commands: [...commands, telling], vault: openVault, random: new Dice(1) }))
}

function placeOn(memory: Memory): Place {
  const listeners: ((appended: Parameters<Surroundings['committed']>[0]['appended']) => void)[] = []
  const opened = memory.open(now)
  const writer = new Writer(memory, {
    after: (_wait, _label, run) => void setImmediate(run),
    calling: () => {},
    gathering: () => 0,
    writing: () => 0,
    share: (waiting) => waiting,
    fate: () => 'written',
    answering: () => 0,
    die: () => {},
    did: () => {},
    committed: ({ appended }) => {
      for (const listen of listeners) listen(appended)
    },
  })
  const { reads } = memory
  return {
    store: storeOver(writer, reads, (_label, read) => read()),
    journal: journalOver({ writer, reads, opened }, (listen) => listeners.push(listen)),
    async reopen() {
      await writer.close()
      return placeOn(memory)
    },
    close: async () => {},
  }
}
