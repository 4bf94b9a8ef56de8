import type { Files, State, Sweep } from '@pentimento/state'
import { keys, type ObjectStore } from '@pentimento/storage'
import type { Logger } from 'pino'
import type { sweepPasses, WorkerMetrics } from '../metrics.ts'
import { type Repetition, repeat } from '../repeat.ts'

const BATCH = 100

/**
 * Looks after what no request and no worker looks after: deadlines, jobs whose worker died, submits that never ended,
 * results that have expired, files to delete. Any number of processes may do so at once; a restart costs nothing.
 */
export function startSweeping(
  { jobs: { sweep }, files }: Pick<State, 'jobs' | 'files'>,
  store: ObjectStore,
  log: Logger,
  metrics: Pick<WorkerMetrics, 'swept' | 'jobsEnded'>,
  intervalMs = 1000,
): Repetition {
  const passes: Record<(typeof sweepPasses)[number], () => Promise<string[]>> = {
    deadlines: () => sweep.deadlines(BATCH),
    lost: () => sweep.lost(BATCH),
    pending: () => sweep.pending(BATCH),
    expired: () => sweep.expired(BATCH),
    inputs: () => eraseInputs(sweep, store, log),
    erasures: () => eraseObjects(sweep, store, log),
    files: () => eraseFiles(files, store, log),
  }
  const started = Object.entries(passes).map(([name, pass]) =>
    repeat(
      async () => {
        const ids = await pass()
        if (ids.length > 0) {
          log.info({ pass: name, jobs: ids.length }, 'swept')
          metrics.swept.inc({ pass: name }, ids.length)
          if (name === 'deadlines') metrics.jobsEnded.inc({ status: 'expired', code: '' }, ids.length)
        }
        return ids.length < BATCH ? 'done' : 'more'
      },
      intervalMs,
      (error) => log.warn({ err: error, pass: name }, 'a sweep did not succeed'),
    ),
  )
  return {
    async stop() {
      await Promise.all(started.map((one) => one.stop()))
    },
  }
}

/** All of a batch at once: every job that ends comes by here, and a store that is far away answers slowly. */
async function eraseInputs(sweep: Sweep, store: ObjectStore, log: Logger): Promise<string[]> {
  const due = await sweep.inputs(BATCH)
  const erased = due.map(async (ended) => {
    try {
      await store.deletePrefix(keys.inputsPrefix(ended.tenant, ended.id))
      await sweep.inputsErased(ended)
    } catch (error) {
      log.warn({ err: error, job: ended.id }, 'the inputs of a job could not be deleted yet')
    }
  })
  await Promise.all(erased)
  return due.map(({ id }) => id)
}

/** One job's files that cannot be deleted now come up again, and hold up no other's. */
async function eraseObjects(sweep: Sweep, store: ObjectStore, log: Logger): Promise<string[]> {
  const due = await sweep.erasures(BATCH)
  for (const erasure of due) {
    try {
      await store.deletePrefix(keys.jobPrefix(erasure.tenant, erasure.id))
      await sweep.swept(erasure)
    } catch (error) {
      log.warn({ err: error, job: erasure.id }, 'the files of a job could not be deleted yet')
    }
  }
  return due.map(({ id }) => id)
}

async function eraseFiles(files: Files, store: ObjectStore, log: Logger): Promise<string[]> {
  const due = await files.due(BATCH)
  for (const { tenant, id, format } of due) {
    try {
      await store.delete(keys.fileKey(tenant, id, format))
      await files.remove(tenant, id)
    } catch (error) {
      log.warn({ err: error, file: id }, 'a file could not be deleted yet')
    }
  }
  return due.map(({ id }) => id)
}
