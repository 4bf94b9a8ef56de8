import { totalmem } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defaultPublicUrl, fieldWords, publicUrl } from '@pentimento/contracts'
import { isAllowEntry } from '@pentimento/outbound'
import { type S3Options, storeOptions } from '@pentimento/storage'
import { z } from 'zod'

/** Roles that one worker process can have. */
const roles = ['generate', 'background'] as const
type Role = (typeof roles)[number]

const devices = ['auto', 'cpu', 'cuda', 'webgpu'] as const
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
)
const onOff = z.enum(['on', 'off'], 'must be on or off').transform((value) => value === 'on')

/** Seconds, or a number with ms, s, m or h; answers milliseconds. */
const duration = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim())
  const scale = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match?.[2] ?? 's'] ?? 1000
  const ms = Number(match?.[1]) * scale
  // Timers of Node hold 31 bits.
  if (match && ms >= 1 && ms < 2 ** 31) return ms
  context.addIssue('must be a time such as 900, 900s or 15m, at most 24 days')
  return z.NEVER
})

/** Bytes, or a number with K, M, G or T (powers of 1024). */
const memory = z.string().transform((text, context) => {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?$/i.exec(text.trim())
  const bytes = Number(match?.[1]) * 1024 ** ' KMGT'.indexOf(match?.[2]?.toUpperCase() || ' ')
  if (match && bytes >= 1) return Math.floor(bytes)
  context.addIssue('must be a size such as 12G or 512M')
  return z.NEVER
})

/** Every variable that the worker reads, each explained in `docs/configuration.md`. */
export const variables = z
  .object({
    REDIS_URL: z
      .url({ protocol: /^rediss?$/, error: 'must be a URL such as redis://localhost:6379' })
      .default('redis://127.0.0.1:6379'),
    REDIS_NAMESPACE: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be 1 to 40 of a-z, 0-9 and -')
      .default('pentimento'),
    DATA_DIR: z.string().default('./data'),
    STORAGE_URL: z.url({ protocol: /^(file|s3)$/, error: 'must be file:///dir or s3://bucket/prefix' }).optional(),
    S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
    S3_REGION: z.string().optional(),
    S3_PUBLIC_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
    S3_ADDRESSING: z.enum(['path', 'virtual'], 'must be path or virtual').optional(),
    AWS_ACCESS_KEY_ID: z.string().optional(),
    AWS_SECRET_ACCESS_KEY: z.string().optional(),
    AWS_SESSION_TOKEN: z.string().optional(),
    AWS_REGION: z.string().optional(),
    SECRETS_KEY: z.base64('must be 32 bytes in base64').optional(),
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number('must be a port').int().min(1).max(65_535).default(8080),
    PUBLIC_URL: publicUrl.optional(),
    WORKER_HOST: z.string().default('127.0.0.1'),
    WORKER_PORT: z.coerce.number('must be a port').int().min(0).max(65_535).default(8081),
    ROLES: list.pipe(z.array(z.enum(roles)).min(1)).default([...roles]),
    MODELS_DIR: z.string().optional(),
    BUILTIN_MODEL: onOff.default(true),
    MODELS: list.optional(),
    DEFAULT_MODEL: z.string().optional(),
    MODEL_MEMORY: memory.optional(),
    DEVICE: z.enum(devices, `must be one of ${devices.join(', ')}`).default('auto'),
    THREADS: z.coerce.number('must be a number').int().min(1).max(1024).optional(),
    JOB_TIMEOUT: duration.default(900_000),
    CANCEL_GRACE: duration.default(10_000),
    DRAIN_TIMEOUT: duration.default(15_000),
    LOCK_DURATION: duration.default(10_000),
    STALLED_INTERVAL: duration.default(5000),
    OUTBOUND_ALLOW: list
      .refine((entries) => entries.every(isAllowEntry), 'must be addresses, networks (CIDR) or host names')
      .default([]),
    WEBHOOK_ALLOW_HTTP: onOff.default(false),
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
      .optional(),
    LOG_LEVEL: z.enum(levels, `must be one of ${levels.join(', ')}`).default('info'),
  })
  .refine((v) => !v.STORAGE_URL?.startsWith('s3:') || (v.AWS_ACCESS_KEY_ID && v.AWS_SECRET_ACCESS_KEY), {
    path: ['AWS_ACCESS_KEY_ID'],
    error: 'and AWS_SECRET_ACCESS_KEY must be set when STORAGE_URL is s3://…',
  })

export interface Config {
  redisUrl: string
  redisNamespace: string
  lockMs: number
  stalledMs: number
  storageUrl: string
  s3: S3Options | null
  secretsKey: string | null
  publicUrl: string
  health: { host: string; port: number }
  roles: readonly Role[]
  models: {
    /** Folder whose subfolders are models; it may be absent. */
    dir: string
    /** One more model, which may be absent. */
    builtinDir: string | null
    /** Ids to serve; null serves all that are found. */
    only: readonly string[] | null
    /** The model that is loaded and warmed up at start. */
    default: string | null
  }
  engine: {
    device: (typeof devices)[number]
    threads: number | null
    modelMemoryBytes: number
    cancelGraceMs: number
    env: NodeJS.ProcessEnv
  }
  jobTimeoutMs: number
  drainTimeoutMs: number
  outboundAllow: readonly string[]
  webhookAllowHttp: boolean
  /** Collector of traces; null without. */
  otlpEndpoint: string | null
  logLevel: (typeof levels)[number]
}

const BUILTIN_MODEL_DIR = fileURLToPath(new URL('../../../models/still-life', import.meta.url))

/** What the engine, its libraries and their drivers may see. Everything else, secrets above all, stays with the parent. */
const ENGINE_ENV =
  /^(PATH|HOME|TMPDIR|LANG|LC_.*|TZ|LD_LIBRARY_PATH|DYLD_.*|XDG_.*|NVIDIA_.*|CUDA_.*|VK_.*|MESA_.*|ORT_.*|OMP_.*|GLIBC_TUNABLES|DISPLAY)$/

/** Reads the environment, in which an empty value counts as none. Throws an Error that names every variable that is wrong, and no value. */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = variables.safeParse(given, { error: fieldWords })
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${String(path[0])} ${message}`)
    throw new Error(`the configuration is not valid:\n  ${problems.join('\n  ')}`)
  }
  const v = parsed.data
  const dataDir = resolve(v.DATA_DIR)
  return {
    redisUrl: v.REDIS_URL,
    redisNamespace: v.REDIS_NAMESPACE,
    lockMs: v.LOCK_DURATION,
    stalledMs: v.STALLED_INTERVAL,
    storageUrl: v.STORAGE_URL ?? pathToFileURL(resolve(dataDir, 'storage')).href,
    s3: storeOptions(v).s3 ?? null,
    secretsKey: v.SECRETS_KEY ?? null,
    publicUrl: v.PUBLIC_URL ?? defaultPublicUrl(v.HOST, v.PORT),
    health: { host: v.WORKER_HOST, port: v.WORKER_PORT },
    roles: v.ROLES,
    models: {
      dir: resolve(v.MODELS_DIR ?? resolve(dataDir, 'models')),
      builtinDir: v.BUILTIN_MODEL ? BUILTIN_MODEL_DIR : null,
      only: v.MODELS ?? null,
      default: v.DEFAULT_MODEL ?? null,
    },
    engine: {
      device: v.DEVICE,
      threads: v.THREADS ?? null,
      modelMemoryBytes: v.MODEL_MEMORY ?? Math.floor(totalmem() * 0.6),
      cancelGraceMs: v.CANCEL_GRACE,
      env: Object.fromEntries(Object.entries(given).filter(([name]) => ENGINE_ENV.test(name))),
    },
    jobTimeoutMs: v.JOB_TIMEOUT,
    drainTimeoutMs: v.DRAIN_TIMEOUT,
    outboundAllow: v.OUTBOUND_ALLOW,
    webhookAllowHttp: v.WEBHOOK_ALLOW_HTTP,
    otlpEndpoint: v.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    logLevel: v.LOG_LEVEL,
  }
}
