import {
  addressSettings,
  duration,
  type Environment,
  isLoopbackHost,
  logSettings,
  numberFrom,
  onOff,
  port,
  readSettings,
  SettingsError,
  safetySettings,
  wholeFrom,
} from '@pentimento/contracts'
import { outboundSettings } from '@pentimento/outbound'
import { stateSettings } from '@pentimento/state'
import { storageSettings } from '@pentimento/storage'
import { tracingSettings } from '@pentimento/tracing'
import { z } from 'zod'
import { corsOrigins } from './cors-origins.ts'

/** What only the api reads. */
const apiSettings = z
  .object({
    METRICS_PORT: port.nullable().default(null),
    DEFAULT_MODEL: z.string().default('still-life'),
    HEARTBEAT_AFTER: duration.default(25_000).refine((ms) => ms <= 60_000, 'must be at most 60s'),
    UPLOAD_MEMORY: numberFrom(16, 1_000_000).default(192),
    TENANT_STORAGE: numberFrom(1, 1_000_000_000).default(20_000),
    MAX_QUEUE_DEPTH: wholeFrom(1, 1_000_000).default(10_000),
    DRAIN_DELAY: numberFrom(0, 600).default(0),
    AUTH: z.enum(['off', 'keys']).default('off'),
    ALLOW_OPEN: onOff.default(false),
    CORS_ORIGINS: corsOrigins.default([]),
  })
  .transform((v) => ({
    metricsPort: v.METRICS_PORT,
    defaultModel: v.DEFAULT_MODEL,
    uploadMemory: v.UPLOAD_MEMORY * 1e6,
    heartbeatMs: v.HEARTBEAT_AFTER,
    /** Megabytes. */
    tenantStorage: v.TENANT_STORAGE,
    maxQueueDepth: v.MAX_QUEUE_DEPTH,
    drainDelayMs: v.DRAIN_DELAY * 1000,
    auth: v.AUTH,
    allowOpen: v.ALLOW_OPEN,
    corsOrigins: v.CORS_ORIGINS,
  }))

/** Every variable that the api reads, each explained in `docs/configuration.md`. */
export const blocks = {
  address: addressSettings,
  state: stateSettings,
  storage: storageSettings,
  outbound: outboundSettings,
  tracing: tracingSettings,
  log: logSettings,
  safety: safetySettings,
  api: apiSettings,
}

/**
 * Reads and checks the environment; an empty variable counts as not set.
 *
 * @throws SettingsError naming every variable that is wrong
 */
export function loadConfig(env: Environment) {
  const config = readSettings(blocks, env)
  const { host } = config.address
  if (config.api.auth === 'off' && !isLoopbackHost(host) && !config.api.allowOpen) {
    throw new SettingsError(
      `HOST: ${host} can be reached by others while AUTH is off; set AUTH=keys, or ALLOW_OPEN=on if you mean it`,
    )
  }
  return config
}
