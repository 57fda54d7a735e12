import { readFile } from 'node:fs/promises'
import { Mistake } from './hand.ts'

/** A file as it is. */
export async function bytesIn(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new Mistake(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
