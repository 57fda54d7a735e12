/** How much of something a test does: what `npm run faults` asks for, or few. */
export const amount = (name: `FAULTS_${string}`, few: number): number => Number(process.env[name] ?? few)
