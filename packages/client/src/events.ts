import { refuseFailure } from './error.ts'
import type { JobEvent } from './types.ts'

/** How often a stream that breaks is opened again without an event in between, and how long after, in ms. */
const again = { tries: 5, pauseMs: 1000 }

/**
 * A job's events until it has ended. A stream that breaks, or that a server which shuts down ends, is opened again; it
 * begins with the job as it is.
 *
 * @throws PentimentoError
 */
export async function* follow(
  open: () => Promise<Response>,
  signal: AbortSignal | undefined,
): AsyncGenerator<JobEvent> {
  for (let failures = 0; failures <= again.tries; failures++) {
    try {
      const response = await open()
      await refuseFailure(response)
      for await (const event of eventsOf(response)) {
        failures = 0
        yield event
        if (event.event === 'job' && event.data.finished_at !== null) return
      }
    } catch (error) {
      if (signal?.aborted || failures === again.tries || !(error instanceof TypeError)) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, again.pauseMs))
  }
  throw new TypeError('the stream of events ends again and again')
}

/** Server-Sent Events (WHATWG HTML, section 9.2) of an answer, those with data. */
async function* eventsOf(response: Response): AsyncGenerator<JobEvent> {
  let rest = ''
  for await (const text of textOf(response)) {
    const blocks = `${rest}${text}`.split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = Object.fromEntries(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
      )
      if (fields.data !== undefined) yield { event: fields.event, data: JSON.parse(fields.data) } as JobEvent
    }
  }
}

async function* textOf(response: Response): AsyncGenerator<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  try {
    while (reader) {
      const { value, done } = await reader.read()
      if (done) return
      yield decoder.decode(value, { stream: true })
    }
  } finally {
    // Also where the caller has seen enough.
    await reader?.cancel().catch(() => {})
  }
}
