import type { Redis } from 'ioredis'

/**
 * All that is known here of how BullMQ keeps a queue in Redis. Its own interface does the rest: adding, removing,
 * fetching and holding items.
 *
 * The keys of a queue begin alike (`queue` in the scripts, from {@link queueKeys}). Behind that: the id of an item for
 * the item itself (hash), with `:lock` while a worker holds it; `prioritized` (zset) those that wait, `wait` (list)
 * those that were put back, `delayed` and `failed` (zsets), `active` (list) those that are held; `marker` (zset) wakes
 * workers that block.
 */
export const bullmqLua = `
local function itemExists(queue, id) return redis.call('EXISTS', queue .. id) == 1 end
local function itemFailed(queue, id) return redis.call('ZSCORE', queue .. 'failed', id) and true or false end
local function itemHeld(queue, id) return redis.call('EXISTS', queue .. id .. ':lock') == 1 end

-- A job's place is kept as priority * 2^32 + counter; the counter keeps jobs of one priority first come, first served.
local function setItemPriority(queue, id, priority)
  if not itemExists(queue, id) then return end
  redis.call('HSET', queue .. id, 'priority', priority)
  local score = redis.call('ZSCORE', queue .. 'prioritized', id)
  if score then redis.call('ZADD', queue .. 'prioritized', priority * 4294967296 + tonumber(score) % 4294967296, id) end
end

-- Items before this one among those that wait for a worker, or nil when it is not among them; how many were put back,
-- and how many workers hold.
local function itemRank(queue, id) return redis.call('ZRANK', queue .. 'prioritized', id) or nil end
local function itemsPutBack(queue) return redis.call('LLEN', queue .. 'wait') end
local function itemsHeld(queue) return redis.call('LLEN', queue .. 'active') end
local function itemsUnheld(queue)
  return itemsPutBack(queue) + redis.call('ZCARD', queue .. 'prioritized') + redis.call('ZCARD', queue .. 'delayed')
end
`

/** Integer priorities that BullMQ takes, from 1. */
export const maxPriority = 2 ** 21 - 1

/** BullMQ forbids `:` in names. */
export function queueName(model: string): string {
  return encodeURIComponent(model)
}

/** What BullMQ is given as the prefix of all queues, from the store's. */
export function queuePrefix(prefix: string): string {
  return `${prefix}queue`
}

/** What the keys of a model's queue begin with. */
export function queueKeys(prefix: string, model: string): string {
  return `${queuePrefix(prefix)}:${queueName(model)}:`
}

/** Wakes workers that block: BullMQ puts a prioritized item back without telling them. */
export async function wakeWorkers(redis: Redis, queue: string): Promise<void> {
  await redis.zadd(`${queue}marker`, 0, '0')
}
