import type { Redis } from 'ioredis'
import { asUnavailable } from './connection.ts'
import type { Replication } from './replication.ts'
import { callScript, defineScript, type Script } from './script.ts'

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
  /**
   * As `run`, and answers only when as many replicas as are asked for have what was written up to its end. When they
   * do not in time it throws, and the change stands nevertheless.
   */
  runReplicated<Input, Answer>(script: Script<Input, Answer>, input: Input): Promise<Answer>
  /** Runs a script that changes nothing any more as `runReplicated` does; without replicas to wait for it does not. */
  confirm<Input>(script: Script<Input, unknown>, input: Input): Promise<void>
  /** Plain commands: `store.call((redis) => redis.get(store.prefix + 'x'))`. */
  call<T>(command: (redis: Redis) => Promise<T>): Promise<T>
}

/** @param hashTag `{namespace}`, of every key */
export function createStore(redis: Redis, hashTag: string, replication: Replication): Store {
  const prefix = `${hashTag}:`

  async function call<T>(command: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await command(redis)
    } catch (cause) {
      throw asUnavailable(cause)
    }
  }

  async function run<Input, Answer>(script: Script<Input, Answer>, input: Input): Promise<Answer> {
    defineScript(redis, script)
    const answer = await call(() => callScript<Promise<string | null>>(redis, script, prefix, JSON.stringify(input)))
    return JSON.parse(answer ?? 'null')
  }

  async function replicated<Input, Answer>(script: Script<Input, Answer>, input: Input): Promise<Answer> {
    return JSON.parse((await call(() => replication.run(script, prefix, JSON.stringify(input)))) ?? 'null')
  }

  return {
    redis,
    prefix,
    call,
    run,
    runReplicated: (script, input) => (replication.isAsked ? replicated(script, input) : run(script, input)),
    async confirm(script, input) {
      if (replication.isAsked) await replicated(script, input)
    },
  }
}
