import { cancelScript, eraseScript, getScript, listScript } from './client-scripts.ts'
import { type JobContext, removeItem } from './context.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { inOneCall } from './in-one-call.ts'
import { inOneRead } from './in-one-read.ts'
import type { CanceledOutcome, Jobs } from './jobs.ts'
import { parseRecord } from './parse-record.ts'
import type { JobLookup } from './record.ts'
import { estimate, parseStanding, standingScript } from './standing.ts'
import { waitForFinal } from './wait.ts'

type Access = Pick<Jobs, 'get' | 'wait' | 'list' | 'standing' | 'requestCancel' | 'erase'>

const deletedMs = 24 * 3600 * 1000
/** Jobs that one page may look at before it ends early with a cursor. */
const pageScan = 2000

export function jobAccess(context: JobContext): Access {
  const { store, subscriptions } = context

  const get = inOneRead(async (tenant, id): Promise<JobLookup> => {
    const [found, detail] = (await store.run(getScript, tenant, id)) as [string?, unknown?]
    if (found === 'job') return parseRecord(detail as unknown[])
    return found === 'gone' ? { gone: detail as 'deleted' | 'expired' } : null
  })

  const standingOf = inOneCall(async (ids) => (await store.run(standingScript, ...ids)) as unknown[])

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
      const filters = [query.since ?? '-inf', query.status ?? '', query.kind ?? '', query.model ?? '']
      const place = cursor ? [cursor.at, cursor.id] : ['+inf', '']
      const [records, at, id] = (await store.run(listScript, tenant, query.limit, ...place, ...filters, pageScan)) as [
        unknown[][],
        string?,
        string?,
      ]
      return { jobs: records.map(parseRecord), nextCursor: at && id ? encodeCursor({ at, id }) : null }
    },

    async standing(job) {
      if (job.status !== 'queued') return { queuePosition: null, etaSeconds: null }
      const standing = parseStanding(await standingOf(job.id))
      if (standing === null || standing.place < 0) return { queuePosition: null, etaSeconds: null }
      if (standing.measured === null) return { queuePosition: standing.place, etaSeconds: null }
      const { end } = estimate(standing, standing.measured)
      return { queuePosition: standing.place, etaSeconds: Math.round(end * 10) / 10 }
    },

    async requestCancel(tenant, id) {
      const [outcome, detail] = (await store.run(cancelScript, tenant, id)) as [string?, unknown?]
      if (outcome === undefined) return { outcome: 'missing' }
      if (outcome === 'gone') return { outcome, gone: detail as 'deleted' | 'expired' }
      const job = parseRecord(detail as unknown[])
      if (outcome === 'canceled') await removeItem(context, job.model, id)
      return { outcome, job } as CanceledOutcome
    },

    async erase(tenant, id) {
      const [outcome, detail] = (await store.run(eraseScript, tenant, id, deletedMs)) as [string?, string?]
      if (outcome === undefined) return { outcome: 'missing' }
      if (outcome === 'gone') return { outcome, gone: detail as 'deleted' | 'expired' }
      await removeItem(context, String(detail), id)
      return { outcome: 'erased' }
    },
  }
}
