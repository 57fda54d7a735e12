import { type Command, InvalidArgumentError, Option } from 'commander'

/** Reads an option that is a whole number. */
export function wholeNumber(value: string): number {
  if (/^-?\d{1,15}$/.test(value)) return Number(value)
  throw new InvalidArgumentError('It should be a whole number.')
}

/** Reads an option that is JSON. */
export function json(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    throw new InvalidArgumentError('It should be JSON.')
  }
}

/** Collects an option that may be given several times, or with several values between commas. */
export const collected = (value: string, before: readonly string[] = []): string[] => [
  ...before,
  ...value.split(',').filter((one) => one !== ''),
]

/** An option with a closed list of values. */
export const oneOf = (flags: string, description: string, choices: readonly string[]): Option =>
  new Option(flags, description).choices(choices)

/** A word that begins commands, such as `clients` of `clients list`. */
export const group = (program: Command, name: string, description: string): Command =>
  program.command(name).description(description).helpCommand(false)

/** A command that calls the API; all of them can print its JSON. */
export const calling = (parent: Command, usage: string, description: string): Command =>
  parent.command(usage).description(description).option('--json', "print the API's JSON")

/** The fields that were given: what is undefined was not. */
export function given<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined)
  // The entries are the fields' own; only those that are undefined are gone.
  return Object.fromEntries(entries) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }
}
