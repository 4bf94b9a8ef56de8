import type { capabilities, Job, modelList, Problem } from '@pentimento/contracts'
import { key, keyRefused, keyWanted } from './key.ts'

export type Model = ReturnType<typeof modelList.parse>['data'][number]
export type Adapter = ReturnType<typeof modelList.parse>['adapters'][number]
export type Capabilities = ReturnType<typeof capabilities.parse>

/**
 * An answer that is no success. `problem` is null when the server, or something in front of it, did not answer with a
 * problem document.
 */
export class ApiError extends Error {
  readonly status: number
  readonly problem: Problem | null
  readonly retryAfterSeconds: number | null

  constructor(status: number, problem: Problem | null, retryAfterSeconds: number | null) {
    super(problem?.detail ?? problem?.title ?? `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/**
 * Every request of the page: a path under the page's own address, with the key if there is one. Throws ApiError, or
 * TypeError without a network.
 */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers)
  if (key.value !== '') headers.set('authorization', `Bearer ${key.value}`)
  const response = await fetch(new URL(path, document.baseURI), { ...init, headers })
  keyRefused.value = response.status === 401
  if (response.ok) return response
  if (response.status === 401) keyWanted.value = true
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN)
  throw new ApiError(response.status, await problemOf(response), Number.isFinite(retryAfter) ? retryAfter : null)
}

async function problemOf(response: Response): Promise<Problem | null> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) return null
  return (await response.json().catch(() => null)) as Problem | null
}

async function json<T>(path: string, init?: RequestInit): Promise<T> {
  return (await (await request(path, init)).json()) as T
}

export function listModels(): Promise<{ data: Model[]; adapters: Adapter[] }> {
  return json('v1/models')
}

export function getCapabilities(): Promise<Capabilities> {
  return json('v1/capabilities')
}

/**
 * Submits a job. The same `idempotencyKey` again gives the same job, so that a lost answer or a reload costs nothing.
 */
export function submit(kind: Job['kind'], form: FormData, idempotencyKey: string): Promise<Job> {
  return json(`v1/${kind}`, { method: 'POST', body: form, headers: { 'idempotency-key': idempotencyKey } })
}

export function getJob(id: string, signal?: AbortSignal): Promise<Job> {
  return json(`v1/jobs/${id}`, signal ? { signal } : {})
}

export function cancelJob(id: string): Promise<Job> {
  return json(`v1/jobs/${id}/cancel`, { method: 'POST' })
}

export async function getImage(id: string, index: number): Promise<Blob> {
  return (await request(`v1/jobs/${id}/images/${index}`)).blob()
}
