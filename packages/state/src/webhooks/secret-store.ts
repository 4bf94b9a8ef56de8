import type { Store } from '../redis/store.ts'
import { decrypt, encrypt, newWebhookSecret, parseSecretsKey } from './secrets.ts'
import type { Webhooks } from './webhooks.ts'

const dayMs = 24 * 3600 * 1000

/** The tenants' signing secrets: `secret:{tenant}` (hash) with the current one, the one before, and until when that signs too. */
export function secretStore(
  store: Store,
  secretsKey: string | undefined,
): Pick<Webhooks, 'rotateSecret' | 'hasSecret' | 'secrets'> {
  const key = secretsKey === undefined ? undefined : parseSecretsKey(secretsKey)
  const name = (tenant: string) => `${store.prefix}secret:${tenant}`
  const required = () => key ?? parseSecretsKey(undefined)

  return {
    async rotateSecret(tenant, overlapMs = dayMs) {
      const secret = newWebhookSecret()
      const encrypted = encrypt(required(), tenant, secret)
      const before = await store.call((redis) => redis.hget(name(tenant), 'current'))
      const previous = before === null ? {} : { previous: before, until: Date.now() + overlapMs }
      await store.call((redis) => redis.hset(name(tenant), { current: encrypted, ...previous }))
      return secret
    },

    async hasSecret(tenant) {
      return (await store.call((redis) => redis.hexists(name(tenant), 'current'))) === 1
    },

    async secrets(tenant) {
      const fields = await store.call((redis) => redis.hgetall(name(tenant)))
      const previous = Number(fields.until ?? 0) > Date.now() ? fields.previous : undefined
      return [fields.current, previous].flatMap((one) => (one === undefined ? [] : [decrypt(required(), tenant, one)]))
    },
  }
}
