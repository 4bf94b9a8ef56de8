import { expect, test, vi } from 'vitest'
import { testRequest } from '../testing/state.ts'
import type { JobLookup, JobRecord } from './record.ts'
import { waitForFinal } from './wait.ts'

function record(status: JobRecord['status']): JobRecord {
  const none = {
    startedAt: null,
    finishedAt: null,
    expiresAt: null,
    cancelRequestedAt: null,
    progress: null,
    result: null,
  }
  const counts = { attempt: 0, crashes: 0, alone: false, weight: 1, cost: 1, createdAt: 0, deadlineAt: 0 }
  return {
    id: 'job',
    tenant: 't',
    kind: 'img2img',
    model: 'm',
    accepted: true,
    request: testRequest(),
    status,
    ...none,
    ...counts,
  }
}

const never = () => () => undefined

test('a final or missing job is answered at once', async () => {
  for (const found of [record('failed'), { gone: 'deleted' } as const, null]) {
    expect(await waitForFinal(async () => found, never, { timeoutMs: 10_000 })).toBe(found)
  }
})

test('a wake-up reads again; one that comes while reading is not lost', async () => {
  let wake = () => {}
  let reads = 0
  const read = async (): Promise<JobLookup> => {
    reads++
    if (reads === 1) wake()
    return record(reads === 1 ? 'processing' : 'succeeded')
  }
  const since = performance.now()
  const found = await waitForFinal(
    read,
    (listener) => {
      wake = listener
      return () => undefined
    },
    { timeoutMs: 10_000 },
  )
  expect(found).toMatchObject({ status: 'succeeded' })
  expect(performance.now() - since).toBeLessThan(500)
})

test('a missed event is made up for by reading again', async () => {
  vi.useFakeTimers()
  try {
    let status: JobRecord['status'] = 'processing'
    const waiting = waitForFinal(async () => record(status), never, { timeoutMs: 60_000 })
    status = 'succeeded'
    await vi.advanceTimersByTimeAsync(3100)
    expect(await waiting).toMatchObject({ status: 'succeeded' })
  } finally {
    vi.useRealTimers()
  }
})

test('the time and the signal end the wait, and nobody listens any longer', async () => {
  let listeners = 0
  const subscribe = () => {
    listeners++
    return () => listeners--
  }
  const read = async () => record('queued')
  expect(await waitForFinal(read, subscribe, { timeoutMs: 50 })).toMatchObject({ status: 'queued' })
  const leaving = new AbortController()
  const waiting = waitForFinal(read, subscribe, { timeoutMs: 60_000, signal: leaving.signal })
  leaving.abort()
  expect(await waiting).toMatchObject({ status: 'queued' })
  await expect(waitForFinal(() => Promise.reject(new Error('away')), subscribe, { timeoutMs: 50 })).rejects.toThrow(
    'away',
  )
  expect(listeners).toBe(0)
})
