import { keys, StorageUnavailable } from '@pentimento/storage'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { type JobBench, openJobBench, scripted } from './testing/job-bench.ts'
import { imageInput, inpaintRequest } from './testing/job-requests.ts'

let bench: JobBench
beforeAll(async () => {
  bench = await openJobBench(inject('redisUrl'))
})
afterEach(() => bench.reset())
afterAll(() => bench.close())

const untilProcessing = (id: string) =>
  expect.poll(async () => (await bench.record(id)).progress?.phase, { timeout: 10_000, interval: 20 }).toBe('denoising')

describe('a failure', () => {
  it.each([
    ['not_supported', 'not_supported', 1],
    ['empty_mask', 'empty_mask', 1],
    ['bad_output', 'bad_output', 1],
    ['out_of_memory', 'out_of_memory', 2],
    ['device_error', 'device_error', 2],
    ['internal', 'internal_error', 2],
  ] as const)('%s ends as %s after %i tries', async (failWith, code, attempts) => {
    await bench.startWorker()
    const id = await bench.submit(scripted({ failWith }))
    const { status, result, attempt } = await bench.ended(id)
    expect([status, result?.error?.code, attempt]).toEqual(['failed', code, attempts])
    expect(result?.error?.message).not.toContain('undefined')
  })

  it('by a crash is tried again once; a poison job takes no other along', async () => {
    await bench.startWorker()
    const poison = await bench.submit(scripted({ dieAtStep: 2 }))
    const others = await Promise.all([bench.submit(scripted({})), bench.submit(scripted({}))])
    const { status, result, attempt } = await bench.ended(poison)
    expect([status, result?.error?.code, attempt]).toEqual(['failed', 'engine_crashed', 2])
    for (const id of others) expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempt: 1 })
    expect(bench.notices.filter((notice) => notice === 'ended')).toHaveLength(3)
  })

  it('by a crash among eight takes none of the others along', async () => {
    const eight = await openJobBench(inject('redisUrl'), { slots: 8 })
    try {
      await eight.startWorker()
      const others: string[] = []
      for (let i = 0; i < 7; i++) others.push(await eight.submit(scripted({ stepMs: 3 }, { steps: 300 })))
      await expect.poll(() => eight.engine.running, { timeout: 30_000, interval: 5 }).toBe(7)
      // They take six seconds from here on, however long a busy machine took to begin them.
      const poison = await eight.submit(scripted({ stepMs: 3, dieAtStep: 5 }))
      const { status, result, attempt, crashes } = await eight.ended(poison)
      expect([status, result?.error?.code, attempt, crashes]).toEqual(['failed', 'engine_crashed', 3, 2])
      for (const id of others) {
        const other = await eight.ended(id)
        expect([other.status, other.attempt, other.crashes, other.alone]).toEqual(['succeeded', 2, 0, true])
      }
    } finally {
      await eight.close()
    }
  })

  it('of an engine that is killed once costs only time', async () => {
    await bench.startWorker()
    const id = await bench.submit(scripted({ stepMs: 100 }, { steps: 10 }))
    await untilProcessing(id)
    process.kill(bench.engine.pid ?? 0, 'SIGKILL')
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempt: 2, crashes: 1 })
  })

  it('by taking too long ends it, without another try', async () => {
    await bench.startWorker({ jobTimeoutMs: 500 })
    const id = await bench.submit(scripted({ stepMs: 50 }, { steps: 100 }))
    expect(await bench.ended(id)).toMatchObject({
      status: 'failed',
      attempt: 1,
      result: { error: { code: 'timed_out' } },
    })
  })

  it('by hanging twice is a crash', async () => {
    await bench.startWorker({ jobTimeoutMs: 300 })
    const id = await bench.submit(scripted({ hangAtStep: 1 }))
    expect(await bench.ended(id)).toMatchObject({
      status: 'failed',
      attempt: 2,
      result: { error: { code: 'engine_crashed' } },
    })
  })

  it('of the input says so, and takes no attempt', async () => {
    const lost = await bench.submit(scripted({}))
    await bench.store.deletePrefix(keys.jobPrefix('default', lost))
    const opaque = await bench.submit({
      ...inpaintRequest({ mask_mode: 'alpha' }),
      inputs: [imageInput],
    })
    await bench.startWorker()
    expect(await bench.ended(lost)).toMatchObject({
      status: 'failed',
      attempt: 0,
      result: { error: { code: 'input_lost' } },
    })
    expect(await bench.ended(opaque)).toMatchObject({ status: 'failed', result: { error: { code: 'mask_required' } } })
  })

  it('of the storage is tried again, then told', async () => {
    let failures = 2
    const down = () => Promise.reject(new StorageUnavailable('put', new Error('/secret/path')))
    const store = { ...bench.store }
    store.put = (...args) => (failures-- > 0 ? down() : bench.store.put(...args))
    await bench.startWorker({ store })
    const healed = await bench.submit(scripted({}))
    expect((await bench.ended(healed)).status).toBe('succeeded')
    failures = Number.POSITIVE_INFINITY
    const failed = await bench.submit(scripted({}))
    const { result } = await bench.ended(failed)
    expect(result?.error).toMatchObject({ code: 'storage_unavailable', retryable: true })
    expect(result?.error?.message).not.toContain('secret')
  })
})
