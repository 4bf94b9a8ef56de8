import { TooManySecrets } from '../errors.ts'
import { type List, listOf, script } from '../redis/script.ts'
import type { Store } from '../redis/store.ts'
import { decrypt, encrypt, newWebhookSecret, parseSecretsKey } from './secrets.ts'
import type { Webhooks } from './webhooks.ts'

const dayMs = 24 * 3600 * 1000
/** Secrets that sign at once, the current one included: each makes the header longer. */
const most = 4

/**
 * Takes the secret encrypted. Answers 0, or, with nothing changed, in how many ms the first of too many stops to sign.
 */
const rotateScript = script<{ tenant: string; secret: string; overlapMs: number; most: number }, number>(
  'pentimentoRotate',
  [],
  `
local secrets = ns .. 'secrets:' .. input.tenant
-- With the microseconds: of two rotations in one millisecond the earlier one's secret still counts as the older.
local time = redis.call('TIME')
local t = time[1] * 1000 + time[2] / 1000
redis.call('ZREMRANGEBYSCORE', secrets, '-inf', t)
local current = redis.call('ZRANGE', secrets, '+inf', '+inf', 'BYSCORE')
local overlap = input.overlapMs
local kept = redis.call('ZCARD', secrets)
if overlap <= 0 then kept = kept - #current end
-- Whoever was given a secret may count on it until its overlap ends: none of them makes room for a new one.
if kept >= input.most then
  local first = redis.call('ZRANGE', secrets, 0, 0, 'WITHSCORES')
  return math.ceil(first[2] - t)
end
for _, one in ipairs(current) do
  if overlap <= 0 then redis.call('ZREM', secrets, one) else redis.call('ZADD', secrets, t + overlap, one) end
end
redis.call('ZADD', secrets, '+inf', input.secret)
return 0
`,
)

/** Those that sign now, the newest first. */
const secretsScript = script<{ tenant: string }, List<string>>(
  'pentimentoSecrets',
  ['no-writes'],
  "return redis.call('ZRANGE', ns .. 'secrets:' .. input.tenant, '+inf', '(' .. now(), 'BYSCORE', 'REV')",
)

/**
 * The tenants' signing secrets: `secrets:{tenant}` (zset), encrypted, by when each stops to sign; the current one never
 * does.
 */
export function secretStore(
  store: Store,
  secretsKey: string | undefined,
): Pick<Webhooks, 'rotateSecret' | 'hasSecret' | 'secrets'> {
  const key = secretsKey === undefined ? undefined : parseSecretsKey(secretsKey)
  const required = () => key ?? parseSecretsKey(undefined)

  return {
    async rotateSecret(tenant, overlapMs = dayMs) {
      const secret = newWebhookSecret()
      const encrypted = encrypt(required(), tenant, secret)
      const waitMs = await store.runReplicated(rotateScript, { tenant, secret: encrypted, overlapMs, most })
      if (waitMs > 0) throw new TooManySecrets(most, waitMs)
      return secret
    },

    async hasSecret(tenant) {
      return (await store.call((redis) => redis.exists(`${store.prefix}secrets:${tenant}`))) === 1
    },

    async secrets(tenant) {
      return listOf(await store.run(secretsScript, { tenant })).map((one) => decrypt(required(), tenant, one))
    },
  }
}
