/** The one command of the simulation's own: something happens that people are told of in different words. */
import { command, type Happening } from '#src/store/command.ts'

export const happen = command('simulation.happen', async (_records, happening: Happening, at): Promise<null> => {
  at.happens(happening)
  return null
})
