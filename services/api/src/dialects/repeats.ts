import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'

/** How long a client may take to repeat a request: longer than any of them waits for an answer. */
const rememberedMs = 15 * 60_000
/** How long an answer whose client has left waits for the repeat. The SDKs pause for half a second to eight. */
const graceMs = 10_000

/** One request of a client that repeats by itself what has failed. */
export interface Repeats {
  /** The Idempotency-Key of the request, and of the ones that it repeats. */
  key: string
  /** Whether a repeat has come, or comes within some seconds: then its job is still wanted. */
  comesAgain(): Promise<boolean>
  /** A new key, for a request whose job was given up. */
  renew(): Promise<string>
}

/**
 * No SDK sends an Idempotency-Key, but OpenAI's count their repeats: one above 0 joins the job of the same request.
 * Null for clients that do not repeat.
 *
 * @param fingerprint of the request
 */
export async function repeatsOf(
  deps: Pick<Deps, 'state'>,
  tenant: string,
  { headers, id }: Pick<FastifyRequest, 'headers' | 'id'>,
  fingerprint: string,
): Promise<Repeats | null> {
  const count = Number(headers['x-stainless-retry-count'])
  if (!Number.isInteger(count)) return null
  const name = `repeat:${fingerprint}`
  const asker = `${id} ${count}`
  const take = async (key: string) => {
    await deps.state.notes.write(tenant, name, JSON.stringify([key, asker]), rememberedMs)
    return key
  }
  const latest = async () => JSON.parse((await deps.state.notes.read(tenant, name)) ?? '[]') as [string?, string?]
  const [earlier] = count > 0 ? await latest() : []
  return {
    key: await take(earlier ?? randomUUID()),
    renew: () => take(randomUUID()),
    async comesAgain() {
      await new Promise((resolve) => setTimeout(resolve, graceMs).unref())
      return (await latest())[1] !== asker
    },
  }
}
