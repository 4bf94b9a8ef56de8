import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SafetyPolicy } from '@pentimento/contracts'
import type { Outbound } from '@pentimento/outbound'
import type { PageFile } from '@pentimento/playground'
import type { State } from '@pentimento/state'
import type { ObjectStore } from '@pentimento/storage'
import type { Tracing } from '@pentimento/tracing'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Metrics } from './metrics.ts'

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>

/** Everything the api stands on, made by `main.ts` or by a test. */
export interface Deps {
  state: State
  store: ObjectStore
  outbound: Outbound
  log: FastifyBaseLogger
  metrics: Metrics
  tracing: Tracing
  /** What URLs in answers begin with, perhaps with a path; without a slash at its end. */
  publicUrl: string
  /** Address or name that the server listens on. */
  host: string
  defaultModel: string
  corsOrigins: string[]
  webhookAllowHttp: boolean
  /** Waiting jobs of one model at which more are refused. */
  maxQueueDepth: number
  /** What is done with results where a key says nothing else. */
  safety: SafetyPolicy
  /** Megabytes that a tenant's jobs may keep, where its key does not say. */
  tenantStorage: number
  /** Bytes of uploads that are held in memory at once. */
  uploadMemory: number
  /** How long an answer of another API's dialect may take before it shows a sign of life, in ms. */
  heartbeatMs: number
  /** The playground's files, from `loadPage`; empty without a playground. */
  page: readonly PageFile[]
  auth: 'off' | 'keys'
  /** Aborted when the server begins to shut down. */
  draining: AbortSignal
}
