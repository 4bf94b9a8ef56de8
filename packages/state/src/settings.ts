import { duration, onOff, wholeFrom } from '@pentimento/contracts'
import { z } from 'zod'
import { parseRedisUrl } from './redis/target.ts'
import { parseSecretsKey } from './webhooks/secrets.ts'

/**
 * How the state is reached, and what holds for all that is kept in it. What comes of it are options of `openState`, and
 * the rule for webhooks.
 */
export const stateSettings = z
  .object({
    REDIS_URL: z
      .string()
      .superRefine((url, context) => {
        const wrong = whatIsWrong(url)
        if (wrong !== null) context.addIssue(wrong)
      })
      .default('redis://127.0.0.1:6379'),
    REDIS_TLS_CA: z.string().optional(),
    REDIS_TLS_CERT: z.string().optional(),
    REDIS_TLS_KEY: z.string().optional(),
    REDIS_SENTINEL_USERNAME: z.string().optional(),
    REDIS_SENTINEL_PASSWORD: z.string().optional(),
    REDIS_WAIT_REPLICAS: wholeFrom(0, 10).default(0),
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
    SIGNED_URL_SECONDS: wholeFrom(60, 604_800).default(3600),
    WEBHOOK_ALLOW_HTTP: onOff.default(false),
    LOCK_DURATION: duration.default(10_000),
    STALLED_INTERVAL: duration.default(2_000),
  })
  .superRefine((v, context) => {
    for (const [variable, message] of impossible(v)) context.addIssue({ code: 'custom', path: [variable], message })
  })
  .transform((v) => ({
    redisUrl: v.REDIS_URL,
    redisTls: { ca: v.REDIS_TLS_CA, cert: v.REDIS_TLS_CERT, key: v.REDIS_TLS_KEY },
    sentinelLogin: { username: v.REDIS_SENTINEL_USERNAME, password: v.REDIS_SENTINEL_PASSWORD },
    /** How many replicas must have a job before it counts as accepted. */
    waitReplicas: v.REDIS_WAIT_REPLICAS,
    namespace: v.REDIS_NAMESPACE,
    secretsKey: v.SECRETS_KEY,
    signedUrlMs: v.SIGNED_URL_SECONDS * 1000,
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

function whatIsWrong(url: string): string | null {
  try {
    parseRedisUrl(url)
    return null
  } catch (error) {
    return (error as RangeError).message
  }
}

/** Variables that would have no effect beside the others, each with what must be. */
function impossible(v: Record<string, unknown> & { REDIS_URL: string }): [string, string][] {
  if (whatIsWrong(v.REDIS_URL) !== null) return []
  const { tls, kind } = parseRedisUrl(v.REDIS_URL)
  const found: [string, string][] = []
  for (const file of ['REDIS_TLS_CA', 'REDIS_TLS_CERT', 'REDIS_TLS_KEY'])
    if (v[file] !== undefined && !tls) found.push([file, 'must be beside a REDIS_URL that begins with rediss'])
  for (const [one, other] of [
    ['REDIS_TLS_CERT', 'REDIS_TLS_KEY'],
    ['REDIS_TLS_KEY', 'REDIS_TLS_CERT'],
    ['REDIS_SENTINEL_USERNAME', 'REDIS_SENTINEL_PASSWORD'],
  ] as const)
    if (v[one] !== undefined && v[other] === undefined) found.push([one, `must be beside ${other}`])
  for (const login of ['REDIS_SENTINEL_USERNAME', 'REDIS_SENTINEL_PASSWORD'])
    if (v[login] !== undefined && kind !== 'sentinel')
      found.push([login, 'must be beside a REDIS_URL of Sentinels, redis+sentinel://host1,host2/name'])
  return found
}
