import { type Script, script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import { decrypt, encrypt, newWebhookSecret, parseSecretsKey } from './secrets.ts'
import type { Webhooks } from './webhooks.ts'

const dayMs = 24 * 3600 * 1000
/** Secrets that sign at once, the current one included: each makes the header longer. */
const most = 4

/** ARGV: tenant, encrypted secret, overlap (ms), most secrets. */
const rotateScript: Script = script(
  'pentimentoRotate',
  [],
  `
local secrets = ns .. 'secrets:' .. ARGV[1]
-- With the microseconds: of two rotations in one millisecond the earlier one's secret still counts as the older.
local time = redis.call('TIME')
local t = time[1] * 1000 + time[2] / 1000
for _, current in ipairs(redis.call('ZRANGE', secrets, '+inf', '+inf', 'BYSCORE')) do
  redis.call('ZADD', secrets, t + ARGV[3], current)
end
redis.call('ZREMRANGEBYSCORE', secrets, '-inf', t)
redis.call('ZADD', secrets, '+inf', ARGV[2])
redis.call('ZREMRANGEBYRANK', secrets, 0, -ARGV[4] - 1)
`,
)

/** ARGV: tenant. Answers those that sign now, the newest first. */
const secretsScript: Script = script(
  'pentimentoSecrets',
  ['no-writes'],
  "return redis.call('ZRANGE', ns .. 'secrets:' .. ARGV[1], '+inf', '(' .. now(), 'BYSCORE', 'REV')",
)

/** The tenants' signing secrets: `secrets:{tenant}` (zset), encrypted, by when each stops to sign; the current one never does. */
export function secretStore(
  store: Store,
  secretsKey: string | undefined,
): Pick<Webhooks, 'rotateSecret' | 'hasSecret' | 'secrets'> {
  const key = secretsKey === undefined ? undefined : parseSecretsKey(secretsKey)
  const required = () => key ?? parseSecretsKey(undefined)

  return {
    async rotateSecret(tenant, overlapMs = dayMs) {
      const secret = newWebhookSecret()
      await store.run(rotateScript, tenant, encrypt(required(), tenant, secret), overlapMs, most)
      return secret
    },

    async hasSecret(tenant) {
      return (await store.call((redis) => redis.exists(`${store.prefix}secrets:${tenant}`))) === 1
    },

    async secrets(tenant) {
      const encrypted = (await store.run(secretsScript, tenant)) as string[]
      return encrypted.map((one) => decrypt(required(), tenant, one))
    },
  }
}
