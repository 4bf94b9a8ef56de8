import { type AdapterEntry, type Adapters, type ModelEntry, modelEntry } from '@pentimento/contracts'
import { type List, listOf, script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { Announcement, CatalogueEntry, Workers } from './workers.ts'

const announcementMs = 15_000

/**
 * `slots` (hash) the jobs that each worker runs at once; `workers` (hash) announcements by worker; `workers:until`
 * (zset) until when they count; `serving:{model}` (zset) workers that can run its jobs, likewise; `models` (hash) every
 * entry that was ever announced.
 *
 * Takes announcement and entries as JSON; without an announcement the worker withdraws.
 */
const announceScript = script<
  {
    worker: string
    announcement?: string
    slots: number
    lifeMs: number
    models: { id: string; entry: string; serves: boolean }[]
  },
  null
>(
  'pentimentoAnnounce',
  ['allow-oom'],
  `
local worker, t = input.worker, now()
local old = redis.call('HGET', ns .. 'workers', worker)
if old then
  for _, model in ipairs(cjson.decode(old).models) do redis.call('ZREM', ns .. 'serving:' .. model.id, worker) end
end
for _, late in ipairs(redis.call('ZRANGE', ns .. 'workers:until', '-inf', t - 3600000, 'BYSCORE')) do
  redis.call('ZREM', ns .. 'workers:until', late)
  redis.call('HDEL', ns .. 'workers', late)
  redis.call('HDEL', ns .. 'slots', late)
end
if not input.announcement then
  redis.call('HDEL', ns .. 'workers', worker)
  redis.call('HDEL', ns .. 'slots', worker)
  redis.call('ZREM', ns .. 'workers:until', worker)
  return
end
redis.call('HSET', ns .. 'workers', worker, input.announcement)
redis.call('HSET', ns .. 'slots', worker, input.slots)
redis.call('ZADD', ns .. 'workers:until', t + input.lifeMs, worker)
for _, model in ipairs(input.models) do
  redis.call('HSET', ns .. 'models', model.id, model.entry)
  local serving = ns .. 'serving:' .. model.id
  redis.call('ZREMRANGEBYSCORE', serving, '-inf', t)
  if model.serves then
    redis.call('ZADD', serving, t + input.lifeMs, worker)
    redis.call('HSET', ns .. 'stats:' .. model.id, 'slots', input.slots)
  end
end
`,
)

/** Live announcements, then all model entries. */
const readScript = script<Record<string, never>, { live: List<string>; models: List<string> }>(
  'pentimentoWorkers',
  ['no-writes'],
  `
local live = redis.call('ZRANGE', ns .. 'workers:until', '(' .. now(), '+inf', 'BYSCORE')
local found = {}
for i, worker in ipairs(live) do found[i] = redis.call('HGET', ns .. 'workers', worker) end
return { live = found, models = redis.call('HVALS', ns .. 'models') }
`,
)

export function createWorkers(store: Store): Workers {
  async function read(): Promise<{ live: Announcement[]; models: ModelEntry[] }> {
    const { live, models } = await store.run(readScript, {})
    return {
      live: listOf(live).map((json) => JSON.parse(json) as Announcement),
      // Entries of an older version that are no longer understood drop out until somebody announces them anew.
      models: listOf(models).flatMap((json) => modelEntry.safeParse(JSON.parse(json)).data ?? []),
    }
  }

  return {
    async announce(announcement) {
      await store.run(announceScript, {
        worker: announcement.workerId,
        announcement: JSON.stringify(announcement),
        slots: announcement.slots ?? 1,
        lifeMs: announcementMs,
        models: announcement.models.map((entry) => ({
          id: entry.id,
          entry: JSON.stringify(entry),
          serves: servesJobs(announcement) && isWhole(entry),
        })),
      })
    },

    async withdraw(worker) {
      await store.run(announceScript, { worker, slots: 0, lifeMs: 0, models: [] })
    },

    list: async () => (await read()).live,

    async catalogue() {
      const { live, models } = await read()
      const serving = live.filter(servesJobs)
      return models
        .map((entry): CatalogueEntry => {
          const serves = ({ models }: Announcement) => models.some((other) => other.id === entry.id && isWhole(other))
          const workers = serving.filter(serves)
          return { entry, available: workers.length > 0, workers: workers.length, adapters: adaptersOf(workers) }
        })
        .sort((a, b) => (a.entry.id < b.entry.id ? -1 : 1))
    },
  }
}

/** Each once, as the first of the workers says it. */
function adaptersOf(workers: readonly Announcement[]): Adapters {
  if (workers.length === 0) return null
  const all = new Map<string, AdapterEntry>()
  for (const { adapters = [] } of workers) {
    for (const adapter of adapters) {
      const key = `${adapter.kind} ${adapter.name}`
      if (!all.has(key)) all.set(key, adapter)
    }
  }
  return [...all.values()]
}

/**
 * Nobody runs a model that lacks a part. A worker of an older version announces whole ones alone, and says nothing of
 * it.
 */
function isWhole({ missing = [] }: Partial<Pick<ModelEntry, 'missing'>>): boolean {
  return missing.length === 0
}

/** A starting worker counts: its queue moves as soon as it is ready. */
function servesJobs({ state }: Announcement): boolean {
  return state === 'ready' || state === 'busy' || state === 'starting'
}
