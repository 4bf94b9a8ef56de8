import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defaultPublicUrl, fieldWords, isLoopbackHost, publicUrl } from '@pentimento/contracts'
import { isAllowEntry } from '@pentimento/outbound'
import { z } from 'zod'
import { corsOrigins } from './cors-origins.ts'

const number = (min: number, max: number) =>
  z.coerce
    .number({ error: `must be a number from ${min} to ${max}` })
    .min(min)
    .max(max)
const port = number(1, 65_535).int()
const origin = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))
const flag = z.enum(['on', 'off']).transform((value) => value === 'on')
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

/** Every variable that the api reads, each explained in `docs/configuration.md`. */
export const variables = {
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8080),
  METRICS_PORT: port.optional(),
  PUBLIC_URL: publicUrl.optional(),
  DATA_DIR: z.string().default('./data'),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).default('redis://127.0.0.1:6379'),
  REDIS_NAMESPACE: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits and hyphens')
    .default('pentimento'),
  STORAGE_URL: z.url({ protocol: /^(file|s3)$/ }).optional(),
  S3_ENDPOINT: origin.optional(),
  S3_REGION: z.string().optional(),
  S3_PUBLIC_ENDPOINT: origin.optional(),
  S3_ADDRESSING: z.enum(['path', 'virtual']).optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_REGION: z.string().optional(),
  SECRETS_KEY: z.base64().optional(),
  DEFAULT_MODEL: z.string().default('still-life'),
  UPLOAD_MEMORY: number(16, 1_000_000).default(192),
  TENANT_STORAGE: number(1, 1_000_000_000).default(20_000),
  MAX_QUEUE_DEPTH: number(1, 1_000_000).int().default(10_000),
  DRAIN_DELAY: number(0, 600).default(0),
  AUTH: z.enum(['off', 'keys']).default('off'),
  ALLOW_OPEN: flag.default(false),
  CORS_ORIGINS: corsOrigins.default([]),
  OUTBOUND_ALLOW: list
    .refine((entries) => entries.every(isAllowEntry), 'must be addresses, networks (CIDR) or host names')
    .default([]),
  WEBHOOK_ALLOW_HTTP: flag.default(false),
  OTEL_EXPORTER_OTLP_ENDPOINT: origin.optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
}

/** A variable that cannot be used; the message names it and says what it may be. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

/**
 * Reads and checks the environment; an empty variable counts as not set.
 *
 * @throws ConfigError naming every variable that is wrong
 */
export function loadConfig(env: Record<string, string | undefined>) {
  const set = Object.fromEntries(Object.entries(env).filter(([name, value]) => name in variables && value !== ''))
  const parsed = z.object(variables).safeParse(set, { error: fieldWords })
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`)
    throw new ConfigError(lines.join('\n'))
  }
  const config = parsed.data
  if (config.AUTH === 'off' && !isLoopbackHost(config.HOST) && !config.ALLOW_OPEN) {
    throw new ConfigError(
      `HOST: ${config.HOST} can be reached by others while AUTH is off; set AUTH=keys, or ALLOW_OPEN=on if you mean it`,
    )
  }
  const dataDir = resolve(config.DATA_DIR)
  const storageUrl = config.STORAGE_URL ?? pathToFileURL(`${dataDir}/storage`).href
  if (storageUrl.startsWith('s3:') && !(config.AWS_ACCESS_KEY_ID && config.AWS_SECRET_ACCESS_KEY)) {
    throw new ConfigError('STORAGE_URL: s3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  }
  return { ...config, storageUrl, publicUrl: config.PUBLIC_URL ?? defaultPublicUrl(config.HOST, config.PORT) }
}
