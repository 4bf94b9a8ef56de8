import type { Redis } from 'ioredis'
import { asUnavailable } from './connection.ts'
import type { Script } from './script.ts'

/**
 * The fail-fast connection with our scripts, and the names of keys. Every method throws `StateUnavailable` while Redis
 * is away, full or stuck.
 */
export interface Store {
  readonly redis: Redis
  /** `{namespace}:`, the hash tag of every key. */
  readonly prefix: string
  /** Runs a script over one value, and answers what it makes of it. */
  run<Input, Answer>(script: Script<Input, Answer>, input: Input): Promise<Answer>
  /** Plain commands: `store.call((redis) => redis.get(store.prefix + 'x'))`. */
  call<T>(command: (redis: Redis) => Promise<T>): Promise<T>
}

export function createStore(redis: Redis, namespace: string): Store {
  const prefix = `{${namespace}}:`
  const defined = new Set<string>()
  const commands = redis as unknown as Record<string, (prefix: string, input: string) => Promise<string>>

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
    async run({ name, lua }, input) {
      if (!defined.has(name)) {
        redis.defineCommand(name, { numberOfKeys: 1, lua })
        defined.add(name)
      }
      return JSON.parse((await call(async () => commands[name]?.(prefix, JSON.stringify(input)))) ?? 'null')
    },
  }
}
