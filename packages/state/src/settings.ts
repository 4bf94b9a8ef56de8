import { duration, onOff } from '@pentimento/contracts'
import { z } from 'zod'
import { parseSecretsKey } from './webhooks/secrets.ts'

/**
 * How the state is reached, and what holds for all that is kept in it. What comes of it are options of `openState`, and
 * the rule for webhooks.
 */
export const stateSettings = z
  .object({
    REDIS_URL: z
      .url({ protocol: /^rediss?$/, error: 'must be a URL such as redis://localhost:6379' })
      .default('redis://127.0.0.1:6379'),
    REDIS_NAMESPACE: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits and hyphens')
      .default('pentimento'),
    SECRETS_KEY: z
      .base64({
        error: 'must be in base64: give 32 random bytes, for example from "openssl rand -base64 32"',
        abort: true,
      })
      .refine(isSecretsKey, 'must be 32 bytes in base64, for example from "openssl rand -base64 32"')
      .optional(),
    WEBHOOK_ALLOW_HTTP: onOff.default(false),
    LOCK_DURATION: duration.default(10_000),
    STALLED_INTERVAL: duration.default(5_000),
  })
  .transform((v) => ({
    redisUrl: v.REDIS_URL,
    namespace: v.REDIS_NAMESPACE,
    secretsKey: v.SECRETS_KEY,
    lockMs: v.LOCK_DURATION,
    stalledMs: v.STALLED_INTERVAL,
    /** Whether webhooks may go to plain `http://`. */
    webhookAllowHttp: v.WEBHOOK_ALLOW_HTTP,
  }))

function isSecretsKey(base64: string): boolean {
  try {
    parseSecretsKey(base64)
    return true
  } catch {
    return false
  }
}
