// A child's end of the line to the benchmark: it does what it is asked, and ends when nobody is there to ask.

/** Answers every message `{ id, ask, input }` with the output of the action of that name. */
export function answer(actions) {
  process.on('message', (question) => void answerOne(actions, question))
  // However the benchmark died: what it started does not outlive it.
  process.on('disconnect', () => process.exit())
  // Ctrl-C reaches the whole group; the benchmark ends its children itself, in order.
  process.on('SIGINT', () => {})
}

async function answerOne(actions, { id, ask, input }) {
  try {
    process.send({ id, output: await actions[ask](input) })
  } catch (error) {
    process.send({ id, fault: error?.stack ?? String(error) })
  }
}

/** Resolves after so many milliseconds. */
export const pause = (length) => new Promise((resolve) => setTimeout(resolve, length))
