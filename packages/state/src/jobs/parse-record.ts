import { type JobStatus, jobRequest, type Progress } from '@pentimento/contracts'
import type { RecordFields } from '../lua/job.ts'
import type { JobRecord, JobResult } from './record.ts'

/** The record from a job's hash. */
export function parseRecord(hash: RecordFields): JobRecord {
  const fields = new Map(Object.entries(hash))
  const text = (name: string): string => {
    const value = fields.get(name)
    if (value === undefined) throw new Error(`job record ${fields.get('id')} has no ${name}`)
    return value
  }
  const time = (name: string): number | null => (fields.has(name) ? Number(fields.get(name)) : null)
  const request = jobRequest.parse(JSON.parse(text('request')))
  return {
    id: text('id'),
    tenant: text('tenant'),
    kind: request.kind,
    model: text('model'),
    status: text('status') as JobStatus,
    accepted: text('accepted') === '1',
    request,
    cost: Number(text('cost')),
    createdAt: Number(text('created')),
    deadlineAt: Number(text('deadline')),
    startedAt: time('started'),
    finishedAt: time('finished'),
    expiresAt: time('expires'),
    cancelRequestedAt: time('cancel'),
    attempt: Number(text('attempt')),
    crashes: Number(text('crashes')),
    alone: fields.get('alone') === '1',
    weight: Number(text('weight')),
    progress: fields.has('progress') ? (JSON.parse(text('progress')) as Progress) : null,
    result: fields.has('result') ? (JSON.parse(text('result')) as JobResult) : null,
  }
}
