import createFetchClient, { type Client as FetchClient } from 'openapi-fetch'
import { errorOf, refuseFailure } from './error.ts'
import { follow } from './events.ts'
import { formOf, type Img2imgRequest, type InpaintRequest, type SubmitOptions, type Txt2imgRequest } from './fields.ts'
import type { paths } from './schema.ts'
import type { BrowserToken, Job, JobEvent } from './types.ts'

export interface ClientOptions {
  /** Of the service, such as `http://127.0.0.1:8080`. */
  baseUrl: string
  /** API key, `pmt_…`, or in a browser a token of `browserToken`, which reads one job; without keys none. */
  key?: string
  fetch?: typeof globalThis.fetch
}

export interface Client {
  /**
   * Every route by its path, typed: `client.api.GET('/v1/models')`. Answers `{ data, error, response }` and throws
   * nothing.
   */
  api: FetchClient<paths>
  /** Submits a prompt alone. */
  txt2img(request: Txt2imgRequest, options?: SubmitOptions): Promise<Job>
  /** Submits a picture and a prompt. Whatever else throws a `PentimentoError` does so here. */
  img2img(request: Img2imgRequest, options?: SubmitOptions): Promise<Job>
  inpaint(request: InpaintRequest, options?: SubmitOptions): Promise<Job>
  get(id: string, options?: { signal?: AbortSignal }): Promise<Job>
  /** The job as it is when it has ended, however. */
  wait(job: Job | string, options?: { signal?: AbortSignal }): Promise<Job>
  /** What happens to a job until it has ended; with `previews`, a small picture every so many steps. */
  events(job: Job | string, options?: { previews?: number; signal?: AbortSignal }): AsyncGenerator<JobEvent>
  /**
   * What a browser is given in place of a key, to `get`, `wait` for, follow and `download` this job for so many seconds
   * (300).
   */
  browserToken(job: Job | string, options?: { seconds?: number }): Promise<BrowserToken>
  cancel(job: Job | string): Promise<Job>
  /** Erases a job with its pictures. */
  delete(job: Job | string): Promise<void>
  /** A result picture, by number (0) or as it stands in the job. */
  download(job: Job, image?: number, options?: { signal?: AbortSignal }): Promise<Blob>
}

/** Seconds of one long poll. */
const pollSeconds = 30
const failures = { most: 10, pauseMs: 1000 }

export function createClient({ baseUrl, key, fetch = globalThis.fetch }: ClientOptions): Client {
  const base = baseUrl.replace(/\/+$/, '')
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const send = (path: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, { ...init, headers: { ...headers, ...init.headers } })
  const idOf = (job: Job | string) => (typeof job === 'string' ? job : job.id)

  async function json<T>(response: Response): Promise<T> {
    await refuseFailure(response)
    return (await response.json()) as T
  }

  async function submit(
    path: string,
    request: object,
    { idempotencyKey, wait, signal }: SubmitOptions = {},
  ): Promise<Job> {
    const own = {
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
      ...(wait && { prefer: `wait=${wait}` }),
    }
    return json(
      await send(path, { method: 'POST', body: formOf({ ...request }), headers: own, ...(signal && { signal }) }),
    )
  }

  /** Goes on where a connection breaks or the service is away for a while. */
  async function poll(id: string, signal: AbortSignal | undefined): Promise<Job> {
    for (let failed = 0; ; failed++) {
      try {
        const response = await send(`/v1/jobs/${id}?wait=${pollSeconds}`, signal ? { signal } : {})
        if (response.status < 500 && response.status !== 429) return await json(response)
        if (failed === failures.most) throw errorOf(response, await response.json().catch(() => ({})))
      } catch (error) {
        if (signal?.aborted || failed === failures.most || !(error instanceof TypeError)) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, failures.pauseMs))
    }
  }

  return {
    api: createFetchClient<paths>({ baseUrl: base, headers, fetch: (request: Request) => fetch(request) }),
    txt2img: (request, options) => submit('/v1/txt2img', request, options),
    img2img: (request, options) => submit('/v1/img2img', request, options),
    inpaint: (request, options) => submit('/v1/inpaint', request, options),
    get: async (id, options = {}) => json(await send(`/v1/jobs/${id}`, options)),

    async wait(job, { signal } = {}) {
      for (;;) {
        const now = await poll(idOf(job), signal)
        if (now.finished_at !== null) return now
      }
    },

    events: (job, { previews = 0, signal } = {}) =>
      follow(() => send(`/v1/jobs/${idOf(job)}/events?previews=${previews}`, signal ? { signal } : {}), signal),

    browserToken: async (job, { seconds = 300 } = {}) =>
      json(await send(`/v1/jobs/${idOf(job)}/browser-token?seconds=${seconds}`, { method: 'POST' })),

    cancel: async (job) => json(await send(`/v1/jobs/${idOf(job)}/cancel`, { method: 'POST' })),

    async delete(job) {
      await refuseFailure(await send(`/v1/jobs/${idOf(job)}`, { method: 'DELETE' }))
    },

    async download(job, image = 0, options = {}) {
      const response = await send(`/v1/jobs/${job.id}/images/${image}`, options)
      await refuseFailure(response)
      return response.blob()
    },
  }
}
