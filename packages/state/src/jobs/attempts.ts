import { randomUUID } from 'node:crypto'
import type { JobError } from '@pentimento/contracts'
import { endAttemptScript, finishScript, progressScript, startScript } from './attempt-scripts.ts'
import { type JobContext, workerLost } from './context.ts'
import type { Continue, Jobs, Started } from './jobs.ts'
import { parseRecord } from './parse-record.ts'

type Attempts = Pick<Jobs, 'start' | 'progress' | 'finish' | 'release' | 'crashed'>

export function jobAttempts({ store }: JobContext): Attempts {
  async function endAttempt(
    id: string,
    attempt: number,
    crash: boolean,
    error: JobError | null,
  ): Promise<'retry' | 'failed' | 'superseded'> {
    return (await store.run(endAttemptScript, id, attempt, crash ? '1' : '0', JSON.stringify(error))) as 'retry'
  }

  return {
    async start(id, workerId) {
      const [outcome, attempt, fields] = (await store.run(
        startScript,
        id,
        workerId,
        randomUUID(),
        JSON.stringify(workerLost),
      )) as [Started['outcome'], number, unknown[]]
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
      await endAttempt(id, attempt, false, null)
    },

    crashed: (id, attempt, error) => endAttempt(id, attempt, true, error),
  }
}
