import { appendFileSync } from 'node:fs'

/** Writes one row of the fault battery to the file that `npm run faults` reads; `npm test` wants no rows. */
export function row(id: string, isOk: boolean, figure: string): void {
  const path = process.env['FAULTS_ROWS']
  if (path !== undefined) appendFileSync(path, `${id} ${isOk ? 'ok' : 'short'} ${figure}\n`)
}

/** How often something is done to the server: few times in `npm test`, as often as `npm run faults` asks. */
export const cycles = (few: number): number => Number(process.env['FAULTS_CYCLES'] ?? few)
