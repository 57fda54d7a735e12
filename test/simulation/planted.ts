/**
 * Mistakes planted on purpose, one at a time: the simulation is worth what it finds of them. Each takes the place of a
 * sound part; nothing of the server itself is changed.
 */
import { plantedInMemory } from './planted-in-memory.ts'
import { plantedInParts } from './planted-in-parts.ts'
import type { RunOptions } from './run.ts'

/** By what the server would do wrong. */
export const planted: Record<string, Pick<RunOptions, 'parts' | 'memory'>> = { ...plantedInMemory, ...plantedInParts }
