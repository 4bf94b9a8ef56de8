import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import type { Job, Problem } from '@pentimento/contracts'

/** A multipart form of text fields and files, the files read as they are sent. */
export async function form(fields: Record<string, string | number>, files: Record<string, string>): Promise<FormData> {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.append(name, String(value))
  for (const [name, path] of Object.entries(files)) data.append(name, await openAsBlob(path), basename(path))
  return data
}

/** Submits a job and waits for its end by long polls; throws with the server's own words when it is refused. */
export async function runJob(url: string, route: string, body: FormData, signal: AbortSignal): Promise<Job> {
  let job = await answer<Job>(await fetch(`${url}${route}`, { method: 'POST', body, signal }))
  while (job.status === 'queued' || job.status === 'processing')
    job = await answer<Job>(await fetch(`${job.urls.self}?wait=30`, { signal }))
  return job
}

/** The bytes behind a result's URL. */
export async function download(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { signal })
  if (!response.ok) return answer<never>(response)
  return new Uint8Array(await response.arrayBuffer())
}

async function answer<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T
  const problem = (await response.json()) as Problem
  const fields = problem.errors?.map((error) => `${error.pointer}: ${error.detail}`).join('; ')
  throw new Error(
    `${response.status} ${problem.code}: ${problem.detail ?? problem.title}${fields ? ` (${fields})` : ''}`,
  )
}
