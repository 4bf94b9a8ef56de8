import type { Redis } from 'ioredis'
import { connectFailFast } from '../redis/connection.ts'
import { createFailover } from '../redis/failover.ts'
import { type RedisAccess, reachOf } from '../redis/reach.ts'

/** One key of a deployment as Redis itself writes it down. */
export interface KeptKey {
  /** Without the namespace. */
  name: string
  /** Epoch ms, or null for one that stays. */
  expires: number | null
  /** What DUMP made of its value, in base64. */
  dump: string
}

/** Everything that a deployment keeps in Redis, read and written key by key. */
export interface Transfer {
  /** Every key. @throws Error while an api or a worker runs: what changes meanwhile would be half there. */
  read(): AsyncGenerator<KeptKey>
  /**
   * Writes keys into a namespace that has none; when that fails, none is left. Answers how many there were.
   *
   * @throws Error when there are keys, or Redis cannot read what another wrote down
   */
  write(keys: AsyncIterable<KeptKey>): Promise<number>
  close(): void
}

/** Every process that runs writes this every two seconds; it is kept for a minute. */
const signs = ['written', 'replicated']
const signMs = 60_000
const quietMs = 5000
const scanned = 500

/** @throws StateUnavailable */
export async function openTransfer(access: RedisAccess): Promise<Transfer> {
  const reach = reachOf(access)
  const redis = await connectFailFast(reach, () => {}, createFailover())
  const prefix = `${reach.hashTag}:`

  async function* names(): AsyncGenerator<string[]> {
    for (let cursor = ''; cursor !== '0'; ) {
      const [next, keys] = await redis.scan(cursor || '0', 'MATCH', `${prefix}*`, 'COUNT', scanned)
      cursor = next
      yield keys.map((key) => key.slice(prefix.length)).filter((name) => !signs.includes(name))
    }
  }

  return {
    async *read() {
      const left = await redis.pttl(`${prefix}written`)
      if (left > signMs - quietMs)
        throw new Error('an api or a worker of this deployment runs: stop all of them, and wait for five seconds')
      for await (const some of names()) {
        for (const name of some) {
          const kept = await readKey(redis, prefix, name)
          if (kept !== null) yield kept
        }
      }
    },

    async write(keys) {
      for await (const some of names())
        if (some.length > 0)
          throw new Error('there are keys of this namespace already: only an empty one is written to')
      let written = 0
      try {
        for await (const key of keys) {
          await writeKey(redis, prefix, key)
          written += 1
        }
      } catch (error) {
        for await (const some of names()) if (some.length > 0) await redis.unlink(...some.map((name) => prefix + name))
        throw error
      }
      return written
    },

    close: () => redis.disconnect(),
  }
}

/** Null for a key that has expired meanwhile. */
async function readKey(redis: Redis, prefix: string, name: string): Promise<KeptKey | null> {
  const [dump, expires] = await Promise.all([redis.dumpBuffer(prefix + name), redis.pexpiretime(prefix + name)])
  if (dump === null) return null
  return { name, expires: expires < 0 ? null : expires, dump: dump.toString('base64') }
}

async function writeKey(redis: Redis, prefix: string, { name, expires, dump }: KeptKey): Promise<void> {
  try {
    // A key may come twice, when the table of keys grew while it was read.
    await redis.restore(prefix + name, expires ?? 0, Buffer.from(dump, 'base64'), 'REPLACE', 'ABSTTL')
  } catch (cause) {
    if (!String(cause).includes('DUMP payload')) throw cause
    throw new Error(`this Redis cannot read the key ${name}: the one it comes from is newer`, { cause })
  }
}
