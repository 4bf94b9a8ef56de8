import { randomUUID } from 'node:crypto'
import { endAttemptScript, finishScript, progressScript, startScript } from './attempt-scripts.ts'
import { type JobContext, workerLost } from './context.ts'
import type { Jobs } from './jobs.ts'
import { parseRecord } from './parse-record.ts'

type Attempts = Pick<Jobs, 'start' | 'progress' | 'finish' | 'release' | 'crashed'>

export function jobAttempts({ store }: JobContext): Attempts {
  // Tokens of starts whose answer was lost: the repeated call must not look like another worker's.
  const tokens = new Map<string, string>()

  return {
    async start(id, workerId, { shares = false } = {}) {
      const token = tokens.get(id) ?? randomUUID()
      tokens.set(id, token)
      const lost = JSON.stringify(workerLost)
      const started = await store.run(startScript, { id, worker: workerId, token, shares, lost })
      tokens.delete(id)
      return started.outcome === 'started' ? { ...started, job: parseRecord(started.job) } : started
    },

    async progress(id, attempt, progress) {
      const { stop = null, previewEvery } = await store.run(progressScript, {
        id,
        attempt,
        progress: JSON.stringify(progress),
      })
      return { stop, previewEvery }
    },

    finish(id, result) {
      const { status, attempt } = result
      return store.run(finishScript, { id, status, attempt, result: JSON.stringify(result) })
    },

    async release(id, attempt) {
      await store.run(endAttemptScript, { id, attempt, how: 'release', error: 'null' })
    },

    crashed: (id, attempt, error, { alone = true } = {}) =>
      store.run(endAttemptScript, { id, attempt, how: alone ? 'crash' : 'shared', error: JSON.stringify(error) }),
  }
}
