import type { Redis } from 'ioredis'
import { StateUnavailable } from '../errors.ts'
import { callScript, defineScript, type Script } from './script.ts'

/** How long replicas may take. The command's own limit is longer. */
const waitMs = 1000
const writtenMs = 60_000

/** Writes that are answered for only when replicas have them (WAIT), so that a failover to one of those keeps them. */
export interface Replication {
  isAsked: boolean
  /** Throws `StateUnavailable` when fewer replicas than are asked for confirm in time; the change may stand. */
  run<Input, Answer>(script: Script<Input, Answer>, prefix: string, input: string): Promise<string | null>
  close(): void
}

/** No replica is waited for. */
export const noReplication: Replication = {
  isAsked: false,
  run: () => Promise.reject(new Error('no replica is asked for')),
  close: () => {},
}

/**
 * @param replicas how many must confirm
 * @param createClient of a connection of its own, for WAIT holds up whatever comes behind it
 */
export function createReplication(replicas: number, createClient: () => Redis): Replication {
  let client: Redis | undefined

  return {
    isAsked: true,

    async run(script, prefix, input) {
      client ??= createClient()
      // WAIT confirms what its own connection wrote last: everything before it on this server is older. All three run
      // on one server, or fail, so that what another has confirmed counts for nothing.
      defineScript(client, script)
      const pipeline = client.pipeline()
      callScript(pipeline, script, prefix, input)
      pipeline.set(`${prefix}replicated`, Date.now(), 'PX', writtenMs)
      pipeline.wait(replicas, waitMs)
      const [ran, , waited] = (await pipeline.exec()) ?? []
      for (const step of [ran, waited]) if (step?.[0]) throw step[0]
      const confirmed = Number(waited?.[1] ?? 0)
      if (confirmed < replicas)
        throw new StateUnavailable(`${confirmed} of ${replicas} replicas have it after ${waitMs} ms`)
      return (ran?.[1] as string | undefined) ?? null
    },

    close() {
      client?.disconnect()
    },
  }
}
