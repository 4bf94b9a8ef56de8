import { job as jobSchema } from '@pentimento/contracts'
import { type JobRecord, toJob } from '@pentimento/state'
import { expect, it } from 'vitest'
import { img2imgRequest } from '../generate/testing/job-requests.ts'
import { eventBody } from './event-body.ts'

const record: JobRecord = {
  id: 'job_h5b2tqf6kzj3w4yx7acndlme2o',
  tenant: 'default',
  kind: 'img2img',
  model: 'tiny-sd1',
  status: 'canceled',
  accepted: true,
  request: img2imgRequest(),
  cost: 1,
  createdAt: 0,
  deadlineAt: 0,
  startedAt: null,
  finishedAt: 1000,
  expiresAt: 2000,
  cancelRequestedAt: 500,
  attempt: 0,
  crashes: 0,
  alone: false,
  weight: 1,
  progress: null,
  result: { status: 'canceled', attempt: 0, images: [], error: null, warnings: [], metrics: null },
}
const at = '2026-01-01T00:00:00.000Z'
const bodyOf = (changes: Partial<JobRecord['request']>) => {
  const request = { ...record.request, ...changes } as JobRecord['request']
  return eventBody('job.canceled', at, toJob({ ...record, request }, { publicUrl: 'https://p.example', signer: null }))
}

it('carries the job as the api shows it', () => {
  const { type, timestamp, data } = JSON.parse(bodyOf({}))
  expect([type, timestamp]).toEqual(['job.canceled', at])
  expect(jobSchema.parse(data)).toEqual(data)
})

it('leaves out the parameters, then the metadata, to stay below 20 kB, and says so', () => {
  // Four bytes in UTF-8 each: what counts is bytes.
  const long = img2imgRequest({ prompt: '🍓'.repeat(2000), negative_prompt: '🍓'.repeat(3500) }).parameters
  const shorter = JSON.parse(bodyOf({ parameters: long }))
  expect(shorter.data).toMatchObject({ truncated: true, status: 'canceled', metadata: {} })
  expect(shorter.data.parameters).toBeUndefined()

  const metadata = { note: 'x'.repeat(21_000) }
  const shortest = bodyOf({ parameters: long, metadata })
  expect(Buffer.byteLength(shortest)).toBeLessThan(20_000)
  expect(JSON.parse(shortest).data).toMatchObject({ truncated: true, id: record.id })
})
