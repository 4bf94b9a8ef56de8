import { listOf } from '../redis/script.ts'
import { cancelScript, eraseScript, getScript, listScript } from './client-scripts.ts'
import { type JobContext, removeItem } from './context.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { inOneCall } from './in-one-call.ts'
import { inOneRead } from './in-one-read.ts'
import type { Jobs } from './jobs.ts'
import { parseRecord } from './parse-record.ts'
import type { JobLookup } from './record.ts'
import { queueStanding, standingScript } from './standing.ts'
import { waitForFinal } from './wait.ts'

type Access = Pick<Jobs, 'get' | 'wait' | 'list' | 'standing' | 'requestCancel' | 'erase'>

const deletedMs = 24 * 3600 * 1000
/** Jobs that one page may look at before it ends early with a cursor. */
const pageScan = 2000

export function jobAccess(context: JobContext): Access {
  const { store, subscriptions } = context

  const get = inOneRead(async (tenant, id): Promise<JobLookup> => {
    const seen = await store.run(getScript, { tenant, id })
    if (seen.outcome === 'found') return parseRecord(seen.job)
    return seen.outcome === 'gone' ? { gone: seen.gone } : null
  })

  const standingOf = inOneCall(async (ids) => listOf(await store.run(standingScript, { ids })))

  return {
    get,

    wait(tenant, id, options) {
      const subscribe = (wake: () => void) =>
        subscriptions.onJob(id, (event) => {
          if (event.type === 'status' || event.type === 'resync') wake()
        })
      return waitForFinal(() => get(tenant, id), subscribe, options)
    },

    async list(tenant, query) {
      const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor)
      const { limit, status, kind, model, source } = query
      const page = await store.run(listScript, {
        tenant,
        limit,
        from: cursor?.at ?? '+inf',
        after: cursor?.id ?? '',
        since: String(query.since ?? '-inf'),
        status,
        kind,
        model,
        source,
        scan: pageScan,
      })
      const { at, id } = page
      return { jobs: listOf(page.jobs).map(parseRecord), nextCursor: at && id ? encodeCursor({ at, id }) : null }
    },

    async standing(job) {
      return job.status === 'queued' ? queueStanding(await standingOf(job.id)) : queueStanding({})
    },

    async requestCancel(tenant, id) {
      const canceled = await store.run(cancelScript, { tenant, id })
      if (canceled.outcome === 'missing' || canceled.outcome === 'gone') return canceled
      const job = parseRecord(canceled.job)
      if (canceled.outcome === 'canceled') await removeItem(context, job.model, id)
      return { outcome: canceled.outcome, job }
    },

    async erase(tenant, id) {
      const erased = await store.run(eraseScript, { tenant, id, tombstoneMs: deletedMs })
      if (erased.outcome !== 'erased') return erased
      await removeItem(context, erased.model, id)
      return { outcome: 'erased' }
    },
  }
}
