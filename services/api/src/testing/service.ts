import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Job, ModelEntry, Problem } from '@pentimento/contracts'
import { createOutbound } from '@pentimento/outbound'
import { openState, type State } from '@pentimento/state'
import { type ObjectStore, openStore } from '@pentimento/storage'
import { noTracing } from '@pentimento/tracing'
import { pino } from 'pino'
import { inject } from 'vitest'
import { createApp } from '../app.ts'
import type { App, Deps } from '../deps.ts'
import { createMetrics, type Metrics } from '../metrics.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string
  }
}

export const testModel: ModelEntry = {
  id: 'test-model',
  title: 'Test model',
  description: 'A model that only tests announce.',
  licence: null,
  layout: 'onnx',
  purpose: 'generate',
  missing: [],
  family: 'sd1',
  native_size: 512,
  sizes: { min: 64, max: 1024, multiple: 8 },
  defaults: { steps: 20, guidance_scale: 6, sampler: 'dpmpp_2m', schedule: 'karras' },
  prompts: [],
  words: null,
  clip_skip_max: 12,
  unsupported: ['soft'],
  safety_checker: false,
}

/** The api on a real Redis and a file store of its own, listening on a free port. */
export interface TestService {
  app: App
  url: string
  /** Of its keys in Redis. */
  namespace: string
  state: State
  store: ObjectStore
  metrics: Metrics
  /** Starts to drain. */
  drain(): void
  close(): Promise<void>
}

/** @param port (a free one) */
export async function startService(redisUrl: string, overrides: Partial<Deps> = {}, port = 0): Promise<TestService> {
  const folder = await mkdtemp(join(tmpdir(), 'pentimento-api-'))
  const namespace = `api-${randomUUID()}`
  const state = await openState({
    redisUrl,
    namespace,
    secretsKey: Buffer.alloc(32, 7).toString('base64'),
    lockMs: 2000,
    stalledMs: 1000,
    // On a machine that is very busy Redis may answer late; the one that tests share never goes away.
    patienceMs: 20_000,
    ...(redisUrl === inject('redisUrl') && { commandTimeoutMs: 20_000 }),
    onError: () => {},
  })
  const store = await openStore(pathToFileURL(folder).href)
  const outbound = createOutbound({ allow: ['127.0.0.1'] })
  const metrics = createMetrics(state)
  const draining = new AbortController()
  const announce = () =>
    state.workers.announce({
      workerId: 'test-worker',
      state: 'ready',
      device: 'cpu',
      deviceMemory: null,
      models: [testModel],
    })
  await announce()
  const announcing = setInterval(() => void announce().catch(() => {}), 5000)
  const app = await createApp({
    state,
    store,
    outbound,
    metrics,
    tracing: noTracing,
    log: pino({ level: 'silent' }),
    publicUrl: 'http://pentimento.test',
    // As if others could reach it, which serves most names.
    host: '0.0.0.0',
    defaultModel: testModel.id,
    corsOrigins: [],
    webhookAllowHttp: false,
    maxQueueDepth: 10_000,
    safety: 'off',
    tenantStorage: 20_000,
    uploadMemory: 256e6,
    heartbeatMs: 25_000,
    page: [],
    auth: 'off',
    draining: draining.signal,
    ...overrides,
  })
  const unsaid = watchAnswers(app)
  const url = await app.listen({ port, host: '127.0.0.1' })
  return {
    app,
    url,
    namespace,
    state,
    store,
    metrics,
    drain: () => draining.abort(),
    close: async () => {
      clearInterval(announcing)
      draining.abort()
      // A connection that a client has opened and never used would be waited for a minute.
      const cut = setTimeout(() => app.server.closeAllConnections(), 2000)
      await app.close()
      clearTimeout(cut)
      await Promise.all([state.close(), outbound.close()])
      await rm(folder, { recursive: true, force: true })
      if (unsaid.size > 0) throw new Error(`the OpenAPI document does not say: ${[...unsaid].join(', ')}`)
    },
  }
}

/** Collects answers of a status that the route's description does not have. */
function watchAnswers(app: App): Set<string> {
  const unsaid = new Set<string>()
  app.addHook('onSend', async ({ method, routeOptions: { url, schema } }, { statusCode }) => {
    const said = schema?.hide ? undefined : (schema?.response as object | undefined)
    if (said && !(statusCode in said) && !(`${String(statusCode)[0]}xx` in said))
      unsaid.add(`${statusCode} of ${method} ${url}`)
  })
  return unsaid
}

/** How many jobs of a tenant have been accepted and have not ended. */
export async function openJobs({ state }: TestService, tenant: string): Promise<number> {
  return (await state.tenants.usage(tenant)).jobs
}

export type Fields = Record<string, string | number | boolean | Uint8Array | undefined>

/** A multipart form: bytes become files, what is undefined is left out. */
export function formOf(fields: Fields): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Uint8Array) form.append(name, new Blob([Uint8Array.from(value)]), `${name}.bin`)
    else if (value !== undefined) form.append(name, String(value))
  }
  return form
}

export interface Answer<T> {
  status: number
  headers: Headers
  body: T
}

/** What a test expects an answer to be, a job or a problem, without telling them apart first. */
export type JobOrProblem = Omit<Job, 'status'> & Omit<Problem, 'status'> & { status: string | number }

/** Sends a request and reads the JSON of its answer. */
export async function request<T = JobOrProblem>(url: string, init: RequestInit = {}): Promise<Answer<T>> {
  const answer = await fetch(url, init)
  const text = await answer.text()
  return { status: answer.status, headers: answer.headers, body: (text === '' ? null : JSON.parse(text)) as T }
}
