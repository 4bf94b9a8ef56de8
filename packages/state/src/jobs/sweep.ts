import { requestVersion } from '@pentimento/contracts'
import { listOf } from '../redis/script.ts'
import { type JobContext, removeItem, workerLost } from './context.ts'
import type { Sweep } from './jobs.ts'
import { dueInputs, inputsErased, objectsErased } from './storage.ts'
import { deadlinesScript, erasuresScript, expiredScript, lostScript, pendingScript } from './sweep-scripts.ts'

const tombstoneMs = 7 * 24 * 3600 * 1000
/** An answer to an enqueue that is this late will not come any more. */
const pendingGraceMs = 30_000
const erasureRepeatMs = 60_000
const idLength = 30

export function jobSweep(context: JobContext): Sweep {
  const { store, queues } = context

  return {
    async deadlines(limit = 100) {
      const ended = listOf(await store.run(deadlinesScript, { limit }))
      for (const { id, model } of ended) await removeItem(context, model, id)
      return ended.map(({ id }) => id)
    },

    async expired(limit = 100) {
      return listOf(await store.run(expiredScript, { limit, tombstoneMs }))
    },

    async pending(limit = 100) {
      return listOf(await store.run(pendingScript, { limit, graceMs: pendingGraceMs }))
    },

    async erasures(limit = 100) {
      const members = listOf(await store.run(erasuresScript, { limit, againMs: erasureRepeatMs }))
      return members.map((member) => ({ id: member.slice(0, idLength), tenant: member.slice(idLength) }))
    },

    inputs: (limit = 100) => dueInputs(store, limit, erasureRepeatMs),
    inputsErased: (erasure) => inputsErased(store, erasure),
    objectsErased: (erasure) => objectsErased(store, erasure),

    async swept({ id, tenant }) {
      await objectsErased(store, { id, tenant })
      await store.call((redis) => redis.zrem(`${store.prefix}erasures`, id + tenant))
    },

    async lost(limit = 100) {
      const found = listOf(await store.run(lostScript, { limit, error: JSON.stringify(workerLost) }))
      for (const { id, tenant, model, todo } of found) {
        // First in line: it has waited before.
        if (todo === 'requeue') await queues.add({ version: requestVersion, id, tenant, model }, 1)
        if (todo === 'remove') await removeItem(context, model, id)
      }
      return found.map(({ id }) => id)
    },
  }
}
