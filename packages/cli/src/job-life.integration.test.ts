import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isFinal, type Job, type JobStatus } from '@pentimento/contracts'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Stack, startStack } from './stack.ts'
import { stackConfig } from './testing/stack-config.ts'

// The life of jobs as a client sees it (docs/architecture/02-jobs-and-queue.md draws it), held against the real stack: HTTP, Redis, worker, engine, storage.

const sketch = fileURLToPath(new URL('../../../assets/samples/strawberry-sketch.png', import.meta.url))
/** What a job may turn into from one look to a later one. */
const later: Record<JobStatus, readonly JobStatus[]> = {
  queued: ['queued', 'processing', 'succeeded', 'failed', 'canceled', 'expired'],
  processing: ['processing', 'queued', 'succeeded', 'failed', 'canceled'],
  succeeded: ['succeeded'],
  failed: ['failed'],
  canceled: ['canceled'],
  expired: ['expired'],
}

interface Known {
  id: string
  status: JobStatus
  cancelAsked: boolean
  deleted: boolean
}
type Model = { jobs: Known[] }
type Command = fc.AsyncCommand<Model, Stack>

let dir: string
let stack: Stack
let picture: Blob
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-life-'))
  picture = new Blob([await readFile(sketch)])
  stack = await startStack(await stackConfig(join(dir, 'data')), {
    logLevel: 'error',
    signal: AbortSignal.timeout(60_000),
  })
}, 90_000)
afterAll(async () => {
  await stack?.stop()
  await rm(dir, { recursive: true, force: true })
})

async function ask(
  path: string,
  init?: RequestInit,
): Promise<{ status: number; body: Job & { code?: string; job?: Job } }> {
  const answer = await fetch(`${stack.url}/v1${path}`, { ...init, signal: AbortSignal.timeout(60_000) })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}

/** Takes note of what a job looks like now, which must be something it could have become. */
function see(known: Known, job: Job): void {
  expect(job.id).toBe(known.id)
  expect(later[known.status], `${known.status} became ${job.status}`).toContain(job.status)
  expect(job.images.length > 0).toBe(job.status === 'succeeded')
  expect(job.finished_at !== null).toBe(isFinal(job.status))
  if (job.status === 'canceled') expect(known.cancelAsked).toBe(true)
  known.status = job.status
}

const submit = (steps: number): Command => ({
  check: ({ jobs }) => jobs.length < 8,
  run: async (model) => {
    const body = new FormData()
    for (const [name, value] of Object.entries({ prompt: 'x', strength: '1', steps: String(steps), seed: '1' }))
      body.append(name, value)
    body.append('image', picture, 'in.png')
    const { status, body: job } = await ask('/img2img', { method: 'POST', body })
    expect(status).toBe(202)
    const known: Known = { id: job.id, status: 'queued', cancelAsked: false, deleted: false }
    see(known, job)
    model.jobs.push(known)
  },
  toString: () => `submit(${steps})`,
})

/** A command about one of the jobs there are. */
const about = (name: string, pick: number, act: (known: Known) => Promise<void>): Command => ({
  check: ({ jobs }) => jobs.length > 0,
  run: async ({ jobs }) => act(jobs[pick % jobs.length] as Known),
  toString: () => `${name}(${pick})`,
})

const look = (pick: number, wait: number) =>
  about(wait > 0 ? 'wait' : 'look', pick, async (known) => {
    const { status, body } = await ask(`/jobs/${known.id}?wait=${wait}`)
    if (known.deleted) return expect([status, body.code]).toEqual([410, 'deleted'])
    expect(status).toBe(200)
    see(known, body)
    if (wait > 0) expect(isFinal(known.status)).toBe(true)
  })

const cancel = (pick: number) =>
  about('cancel', pick, async (known) => {
    const before = known.status
    const askedBefore = known.cancelAsked
    known.cancelAsked = true
    const { status, body } = await ask(`/jobs/${known.id}/cancel`, { method: 'POST' })
    if (known.deleted) return expect([status, body.code]).toEqual([410, 'deleted'])
    if (status === 409) {
      known.cancelAsked = askedBefore
      expect(body.code).toBe('already_final')
      expect(['succeeded', 'failed', 'expired']).toContain(body.job?.status)
      return see(known, body.job as Job)
    }
    expect(before).not.toBe('succeeded')
    see(known, body)
    if (status === 200) expect(body.status).toBe('canceled')
    else expect([status, body.status, body.cancel_requested_at !== null]).toEqual([202, 'processing', true])
  })

const erase = (pick: number) =>
  about('delete', pick, async (known) => {
    const { status } = await ask(`/jobs/${known.id}`, { method: 'DELETE' })
    expect(status).toBe(known.deleted ? 410 : 204)
    known.deleted = true
    expect((await ask(`/jobs/${known.id}/images/0`)).status).toBe(410)
  })

it('is what the model says, whatever clients do in whatever order', async () => {
  const pick = fc.nat({ max: 20 })
  const commands = fc.commands(
    [
      fc.constantFrom(1, 8, 120).map(submit),
      pick.map((n) => look(n, 0)),
      pick.map((n) => look(n, 30)),
      pick.map(cancel),
      pick.map(erase),
    ],
    { maxCommands: 14 },
  )
  const lives = fc.asyncProperty(commands, async (list) => {
    const model: Model = { jobs: [] }
    await fc.asyncModelRun(() => ({ model, real: stack }), list)
    // Whatever was begun ends, and a cancel that was accepted is kept.
    for (const known of model.jobs.filter((one) => !one.deleted)) {
      const { body } = await ask(`/jobs/${known.id}?wait=60`)
      see(known, body)
      expect(isFinal(known.status)).toBe(true)
    }
  })
  await fc.assert(lives, { numRuns: 40, endOnFailure: true })
}, 240_000)
