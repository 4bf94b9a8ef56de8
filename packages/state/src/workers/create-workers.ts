import { type ModelEntry, modelEntry } from '@pentimento/contracts'
import type { Script } from '../redis/script.ts'
import { script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import type { Announcement, CatalogueEntry, Workers } from './workers.ts'

const announcementMs = 15_000

/**
 * `workers` (hash) announcements by worker; `workers:until` (zset) until when they count; `serving:{model}` (zset) workers that can run its jobs, likewise;
 * `models` (hash) every entry that was ever announced.
 * ARGV: worker, announcement JSON or '' to withdraw, life (ms), then model id and entry JSON in turn, `serving` as '1' or '0'.
 */
const announceScript: Script = script(
  'pentimentoAnnounce',
  ['allow-oom'],
  `
local worker, t = ARGV[1], now()
local old = redis.call('HGET', ns .. 'workers', worker)
if old then
  for _, model in ipairs(cjson.decode(old).models) do redis.call('ZREM', ns .. 'serving:' .. model.id, worker) end
end
for _, late in ipairs(redis.call('ZRANGE', ns .. 'workers:until', '-inf', t - 3600000, 'BYSCORE')) do
  redis.call('ZREM', ns .. 'workers:until', late)
  redis.call('HDEL', ns .. 'workers', late)
end
if ARGV[2] == '' then
  redis.call('HDEL', ns .. 'workers', worker)
  redis.call('ZREM', ns .. 'workers:until', worker)
  return
end
redis.call('HSET', ns .. 'workers', worker, ARGV[2])
redis.call('ZADD', ns .. 'workers:until', t + ARGV[3], worker)
for i = 5, #ARGV, 2 do
  redis.call('HSET', ns .. 'models', ARGV[i], ARGV[i + 1])
  local serving = ns .. 'serving:' .. ARGV[i]
  redis.call('ZREMRANGEBYSCORE', serving, '-inf', t)
  if ARGV[4] == '1' then redis.call('ZADD', serving, t + ARGV[3], worker) end
end
`,
)

/** Live announcements, then all model entries. */
const readScript: Script = script(
  'pentimentoWorkers',
  ['no-writes'],
  `
local live = redis.call('ZRANGE', ns .. 'workers:until', '(' .. now(), '+inf', 'BYSCORE')
local found = {}
for i, worker in ipairs(live) do found[i] = redis.call('HGET', ns .. 'workers', worker) end
return { found, redis.call('HVALS', ns .. 'models') }
`,
)

export function createWorkers(store: Store): Workers {
  async function read(): Promise<{ live: Announcement[]; models: ModelEntry[] }> {
    const [live, models] = (await store.run(readScript)) as [string[], string[]]
    return {
      live: live.map((json) => JSON.parse(json) as Announcement),
      // Entries of an older version that are no longer understood drop out until somebody announces them anew.
      models: models.flatMap((json) => modelEntry.safeParse(JSON.parse(json)).data ?? []),
    }
  }

  return {
    async announce(announcement) {
      const serves = servesJobs(announcement) ? '1' : '0'
      const entries = announcement.models.flatMap((entry) => [entry.id, JSON.stringify(entry)])
      await store.run(
        announceScript,
        announcement.workerId,
        JSON.stringify(announcement),
        announcementMs,
        serves,
        ...entries,
      )
    },

    async withdraw(workerId) {
      await store.run(announceScript, workerId, '', 0, '0')
    },

    list: async () => (await read()).live,

    async catalogue() {
      const { live, models } = await read()
      const serving = live.filter(servesJobs)
      return models
        .map((entry): CatalogueEntry => {
          const workers = serving.filter(({ models }) => models.some(({ id }) => id === entry.id)).length
          return { entry, available: workers > 0, workers }
        })
        .sort((a, b) => (a.entry.id < b.entry.id ? -1 : 1))
    },
  }
}

/** A starting worker counts: its queue moves as soon as it is ready. */
function servesJobs({ state }: Announcement): boolean {
  return state === 'ready' || state === 'busy' || state === 'starting'
}
