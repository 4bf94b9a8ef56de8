import { randomUUID } from 'node:crypto'
import type { JobError } from '@pentimento/contracts'
import { endAttemptScript, finishScript, progressScript, startScript } from './attempt-scripts.ts'
import { type JobContext, workerLost } from './context.ts'
import type { Continue, Jobs, Started } from './jobs.ts'
import { parseRecord } from './parse-record.ts'

type Attempts = Pick<Jobs, 'start' | 'progress' | 'finish' | 'release' | 'crashed'>

export function jobAttempts({ store }: JobContext): Attempts {
  // Tokens of starts whose answer was lost: the repeated call must not look like another worker's.
  const tokens = new Map<string, string>()

  async function endAttempt(
    id: string,
    attempt: number,
    how: 'crash' | 'release',
    error: JobError | null,
  ): Promise<'retry' | 'failed' | 'superseded'> {
    return (await store.run(endAttemptScript, id, attempt, how, JSON.stringify(error))) as 'retry'
  }

  return {
    async start(id, workerId) {
      const token = tokens.get(id) ?? randomUUID()
      tokens.set(id, token)
      const answer = await store.run(startScript, id, workerId, token, JSON.stringify(workerLost))
      tokens.delete(id)
      const [outcome, attempt, fields] = answer as [Started['outcome'], number, unknown[]]
      return outcome === 'started' ? { outcome, attempt, job: parseRecord(fields) } : { outcome }
    },

    async progress(id, attempt, progress) {
      const [answer, previewEvery] = (await store.run(progressScript, id, attempt, JSON.stringify(progress))) as [
        string,
        number,
      ]
      return { stop: answer === 'go' ? null : (answer as Continue['stop']), previewEvery }
    },

    async finish(id, result) {
      return (await store.run(finishScript, id, result.status, result.attempt, JSON.stringify(result))) === 1
    },

    async release(id, attempt) {
      await endAttempt(id, attempt, 'release', null)
    },

    crashed: (id, attempt, error) => endAttempt(id, attempt, 'crash', error),
  }
}
