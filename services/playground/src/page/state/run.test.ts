import type { Job } from '@pentimento/contracts'
import { expect, it } from 'vitest'
import { isActive, runOf, type StoredRun, tellRun } from './run.ts'

const stored: StoredRun = {
  ...{ key: 'k', jobId: 'job_1', kind: 'txt2img', fields: [], input: null, mask: null, sweep: null, createdAt: 0 },
}
const job = (status: Job['status'], changes: Partial<Job> = {}) => ({ status, ...changes }) as Job

it('stays ended when the answer to its cancel comes behind the event of its end', () => {
  const run = runOf(stored)
  tellRun(run, job('processing'))
  tellRun(run, job('canceled'))
  tellRun(run, job('processing', { cancel_requested_at: '2026-01-01T00:00:00.000Z' }))
  expect(run.job.value).toEqual(job('canceled'))
  expect(isActive(run)).toBe(false)
})

it('is told more of until it has ended', () => {
  const run = runOf(stored)
  for (const status of ['queued', 'processing', 'failed'] as const) {
    expect(isActive(run)).toBe(true)
    tellRun(run, job(status))
    expect(run.job.value?.status).toBe(status)
  }
  expect(isActive(run)).toBe(false)
})
