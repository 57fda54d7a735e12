import { bold, dim, red } from 'ansis'
import { type Clock, systemClock } from '../clock.ts'
import { type Duration, seconds } from '../domain/time.ts'
import {
  type Api,
  answerOf,
  apiAt,
  type Environment,
  NoServer,
  type Place,
  placeIn,
  Refused,
  type Reply,
} from './api.ts'
import { oneLine, shownJson } from './terminal-text.ts'

/** Whether an answer is for a program or for a person. */
export type Printing = { json?: boolean }

/** Something that can't be meant as it was typed; ends with exit code 2. */
export class Mistake extends Error {}

/** What every command works with. */
export class Hand {
  readonly environment: Environment
  /** The machine's, until a server has answered whose clock was moved ahead: what it tells of is as old as it is there. */
  readonly clock: Clock = {
    now: () => systemClock.now() + this.#ahead,
    sleepUntil: (wakeAt, signal) => systemClock.sleepUntil(wakeAt - this.#ahead, signal),
  }
  #ahead: Duration = 0

  constructor(environment: Environment) {
    this.environment = environment
  }

  /** Asks the API once and prints its answer: as JSON when that is wanted, otherwise in `words`. */
  async tell<Answer>(
    { json: isJson = false }: Printing,
    ask: (api: Api, place: Place) => Promise<Reply<Answer>>,
    words: (answer: Answer) => string,
  ): Promise<void> {
    const place = placeIn(this.environment)
    if (!URL.canParse(place.url)) throw new Mistake(`${place.url} is no URL: set TIDINGS_URL to one, or to nothing.`)
    try {
      const reply = ask(apiAt(place), place)
      const answer = await answerOf(reply)
      this.#ahead = aheadIn((await reply).response)
      if (!isJson) this.say(words(answer))
      else if (answer !== undefined) this.say(shownJson(answer))
    } catch (error) {
      throw told(error, place, isJson)
    }
  }

  /** Prints a line, or several. */
  say(text: string): void {
    process.stdout.write(`${text}\n`)
  }

  /** Prints what went wrong. */
  complain(text: string): void {
    process.stderr.write(`${text}\n`)
  }
}

/** Something went wrong that a sentence can explain; ends with exit code 1. */
export class Trouble extends Error {}

const aheadIn = ({ headers }: Response): Duration => seconds(Number(headers.get('tidings-clock-ahead')) || 0)

function told(error: unknown, place: Place, isJson: boolean): unknown {
  if (error instanceof NoServer) return new Trouble(noServer(place, error.message))
  if (!(error instanceof Refused)) return error
  return new Trouble(isJson ? shownJson({ error: error.problem }) : refusal(error, place))
}

function refusal({ status, problem }: Refused, { key, keyFrom }: Place): string {
  const { message, field, expected } = problem
  const lines = [`${red('Refused:')} ${bold(oneLine(message))}`]
  if (field !== undefined && field !== '') lines.push(`  ${dim('field')}     ${oneLine(field)}`)
  if (expected !== undefined) lines.push(`  ${dim('expected')}  ${oneLine(expected)}`)
  if (status === 401) lines.push(`  ${dim('key')}       ${key === null ? noKey(keyFrom) : `the one in ${keyFrom}`}`)
  return lines.join('\n')
}

const noKey = (file: string): string => `none: TIDINGS_API_KEY is not set and ${file} is not there`

const noServer = ({ url }: Place, reason: string): string =>
  [
    `${red('No Tidings answers')} at ${oneLine(url)} (${oneLine(reason)}).`,
    '  Start one with `tidings serve`, or with `tidings dev` for one that has a demo in it.',
    '  When it runs elsewhere, say where: TIDINGS_URL=https://hooks.example.com',
  ].join('\n')
