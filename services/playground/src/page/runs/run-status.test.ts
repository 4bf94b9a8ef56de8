import type { Job } from '@pentimento/contracts'
import { describe, expect, it } from 'vitest'
import { percentOf, statusWords } from './run-status.ts'

const job = (changes: Partial<Job>) =>
  ({
    status: 'queued',
    cancel_requested_at: null,
    queue_position: null,
    eta_seconds: null,
    progress: null,
    ...changes,
  }) as Job
const running = (phase: 'denoising' | 'decoding', step = 7) =>
  job({ status: 'processing', progress: { phase, step, steps: 19, percent: 40 } })

describe('statusWords', () => {
  it.each([
    [null, null, false, 'Sending'],
    [null, null, true, 'Waiting for room'],
    [job({}), null, false, 'Waiting'],
    [job({ queue_position: 0 }), null, false, 'Next in the queue'],
    [job({ queue_position: 3, eta_seconds: 12 }), null, false, '3 ahead in the queue · done in about 12 s'],
    [job({ status: 'processing' }), null, false, 'Starting'],
    [running('denoising'), null, false, 'Step 7 of 19'],
    [running('denoising'), 4.2, false, 'Step 7 of 19 · 4 s left'],
    [running('decoding'), 4.2, false, 'Developing'],
    [job({ status: 'processing', cancel_requested_at: '2026-01-01T00:00:00.000Z' }), null, false, 'Stopping'],
  ])('%#: %s', (state, left, held, words) => {
    expect(statusWords(state, left, held)).toBe(words)
  })

  it('knows a percentage only while the job runs', () => {
    expect(percentOf(null)).toBeNull()
    expect(percentOf(job({}))).toBeNull()
    expect(percentOf(job({ status: 'processing' }))).toBe(0)
    expect(percentOf(running('denoising'))).toBe(40)
  })
})
