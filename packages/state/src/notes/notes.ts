import { type List, listOf, script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'

/**
 * Short texts that an api keeps for a tenant beside its jobs, shared by all api processes and forgotten after their
 * time.
 */
export interface Notes {
  /** Null where there is none of the name, or its time is over. */
  read(tenant: string, name: string): Promise<string | null>
  /**
   * Keeps a text of at most 16 kB for `ttlMs` from now, in place of an earlier one of the name.
   *
   * @throws RangeError for a longer one
   */
  write(tenant: string, name: string, text: string, ttlMs: number): Promise<void>
  erase(tenant: string, name: string): Promise<void>
  /** Texts of a list, the newest last. */
  list(tenant: string, name: string): Promise<string[]>
  /** Adds a text to a list, of which it is a part for `ttlMs`. */
  add(tenant: string, name: string, text: string, ttlMs: number): Promise<void>
  remove(tenant: string, name: string, text: string): Promise<void>
}

/** A sorted set by the times at which its parts end. */
const listScript = script<{ key: string }, List<string>>(
  'pentimentoNotes',
  [],
  `
local list = ns .. input.key
redis.call('ZREMRANGEBYSCORE', list, '-inf', now())
return redis.call('ZRANGE', list, 0, -1)
`,
)

const addScript = script<{ key: string; text: string; ttlMs: number }, boolean>(
  'pentimentoAddNote',
  [],
  `
local list = ns .. input.key
redis.call('ZADD', list, now() + input.ttlMs, input.text)
redis.call('PEXPIRE', list, input.ttlMs)
return true
`,
)

const mostBytes = 16 * 1024

function refuseLong(text: string): void {
  if (Buffer.byteLength(text) > mostBytes) throw new RangeError(`a note has at most ${mostBytes} bytes`)
}

export function createNotes(store: Store): Notes {
  // A tenant's name has no colon.
  const own = (tenant: string, name: string) => `note:${tenant}:${name}`
  const key = (tenant: string, name: string) => `${store.prefix}${own(tenant, name)}`
  return {
    read: (tenant, name) => store.call((redis) => redis.get(key(tenant, name))),

    async write(tenant, name, text, ttlMs) {
      refuseLong(text)
      await store.call((redis) => redis.set(key(tenant, name), text, 'PX', ttlMs))
    },

    async erase(tenant, name) {
      await store.call((redis) => redis.del(key(tenant, name)))
    },

    list: async (tenant, name) => listOf(await store.run(listScript, { key: own(tenant, name) })),

    async add(tenant, name, text, ttlMs) {
      refuseLong(text)
      await store.run(addScript, { key: own(tenant, name), text, ttlMs })
    },

    async remove(tenant, name, text) {
      await store.call((redis) => redis.zrem(key(tenant, name), text))
    },
  }
}
