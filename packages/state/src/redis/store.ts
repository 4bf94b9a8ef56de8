import type { Redis } from 'ioredis'
import { asUnavailable } from './connection.ts'
import type { Script } from './script.ts'

type Argument = string | number | Buffer

/** The fail-fast connection with our scripts, and the names of keys. Every method throws `StateUnavailable` while Redis is away, full or stuck. */
export interface Store {
  readonly redis: Redis
  /** `{namespace}:`, the hash tag of every key. */
  readonly prefix: string
  run(script: Script, ...args: Argument[]): Promise<unknown>
  /** Plain commands: `store.call((redis) => redis.get(store.prefix + 'x'))`. */
  call<T>(command: (redis: Redis) => Promise<T>): Promise<T>
}

export function createStore(redis: Redis, namespace: string): Store {
  const prefix = `{${namespace}}:`
  const defined = new Set<string>()
  const commands = redis as unknown as Record<string, (...args: Argument[]) => Promise<unknown>>

  async function call<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await command(redis)
    } catch (cause) {
      throw asUnavailable(cause)
    }
  }

  return {
    redis,
    prefix,
    call,
    run({ name, lua }, ...args) {
      if (!defined.has(name)) {
        redis.defineCommand(name, { numberOfKeys: 1, lua })
        defined.add(name)
      }
      return call(async () => commands[name]?.(prefix, ...args))
    },
  }
}
