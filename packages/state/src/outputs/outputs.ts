import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Store } from '../redis/store.ts'

/**
 * Tokens that open one picture of one job to whoever has them: clients of other APIs fetch pictures without a key. They
 * are good as long as the job is kept.
 */
export interface Outputs {
  token(tenant: string, job: string, index: number): Promise<string>
  /** The tenant whose picture a token opens, or null. */
  tenantOf(token: string, job: string, index: number): Promise<string | null>
}

export function createOutputs(store: Store): Outputs {
  const name = `${store.prefix}output-secret`
  let kept: string | undefined

  /** Made by the first process that needs one, and the same for all. */
  async function secret(): Promise<string> {
    kept ??=
      (await store.call((redis) => redis.get(name))) ??
      (await store.call(async (redis) => {
        await redis.set(name, randomBytes(32).toString('base64url'), 'NX')
        return redis.get(name)
      })) ??
      undefined
    return kept ?? secret()
  }

  async function sign(tenant: string, job: string, index: number): Promise<string> {
    return createHmac('sha256', await secret())
      .update(`${tenant} ${job} ${index}`)
      .digest('base64url')
  }

  return {
    token: async (tenant, job, index) => `${tenant}.${await sign(tenant, job, index)}`,
    async tenantOf(token, job, index) {
      const dot = token.lastIndexOf('.')
      const tenant = token.slice(0, Math.max(0, dot))
      const [given, right] = [Buffer.from(token.slice(dot + 1)), Buffer.from(await sign(tenant, job, index))]
      return given.length === right.length && timingSafeEqual(given, right) ? tenant : null
    },
  }
}
