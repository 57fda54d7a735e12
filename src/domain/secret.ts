/** Where Node looks for what to show of an object. */
const inspected = Symbol.for('nodejs.util.inspect.custom')

const shown = '[secret]'

/** Something that no print-out shows: not JSON, not an inspected object, not a text that it was put into. */
export class Secret<Value> {
  readonly #value: Value

  constructor(value: Value) {
    this.#value = value
  }

  /** The thing itself, for who has a use for it. */
  reveal(): Value {
    return this.#value
  }

  toJSON(): string {
    return shown
  }

  toString(): string {
    return shown
  }

  [inspected](): string {
    return shown
  }
}
