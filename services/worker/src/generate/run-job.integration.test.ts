import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobEvent } from '@pentimento/state'
import { keys } from '@pentimento/storage'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { type JobBench, openJobBench, scripted } from './testing/job-bench.ts'
import { inpaintRequest } from './testing/job-requests.ts'

let bench: JobBench
beforeAll(async () => {
  bench = await openJobBench(inject('redisUrl'))
})
afterEach(() => bench.reset())
afterAll(() => bench.close())

const untilProcessing = (id: string) =>
  expect.poll(async () => (await bench.record(id)).progress?.phase, { timeout: 10_000, interval: 20 }).toBe('denoising')

describe('a job', () => {
  it('becomes pictures in the storage and a succeeded record', async () => {
    await bench.startWorker()
    const id = await bench.submit(scripted({}, { num_images: 2, output_format: 'webp', output_quality: 80 }))
    const { status, result, attempt } = await bench.ended(id)
    expect([status, attempt, result?.images.length]).toEqual(['succeeded', 1, 2])
    for (const image of result?.images ?? []) {
      const bytes = await bench.store.read(keys.resultKey('default', id, 1, image.index, 'webp'))
      expect(image).toMatchObject({ width: 64, height: 64, content_type: 'image/webp', seed: 42 + image.index })
      expect(
        createHash('sha256')
          .update(bytes ?? '')
          .digest('hex'),
      ).toBe(image.sha256)
      expect(bytes?.length).toBe(image.bytes)
    }
    expect(result?.metrics).toMatchObject({ attempts: 1, model_calls: 5 })
    expect(result?.metrics?.load_ms).toBeGreaterThan(10)
    expect(bench.notices).toEqual(['started', 'ended'])
  })

  it('gives equal bytes for equal requests', async () => {
    await bench.startWorker()
    const ids = await Promise.all([bench.submit(scripted({})), bench.submit(scripted({}))])
    const [a, b] = await Promise.all(ids.map((id) => bench.ended(id)))
    expect(a?.result?.images[0]?.sha256).toBe(b?.result?.images[0]?.sha256)
  })

  it('is inpainted with its mask', async () => {
    await bench.startWorker()
    const id = await bench.submit(inpaintRequest({ prompt: '{}', mask_mode: 'black' }))
    expect((await bench.ended(id)).status).toBe('succeeded')
  })

  it('is prepared while the engine runs the one before', async () => {
    const read: string[] = []
    const store = { ...bench.store }
    store.read = (key) => {
      read.push(key)
      return bench.store.read(key)
    }
    await bench.startWorker({ store })
    const first = await bench.submit(scripted({ stepMs: 150 }, { steps: 10 }))
    await untilProcessing(first)
    const second = await bench.submit(scripted({}))
    await expect.poll(() => read.some((key) => key.includes(second)), { timeout: 1000 }).toBe(true)
    expect((await bench.record(second)).status).toBe('queued')
    expect((await bench.record(first)).status).toBe('processing')
    await bench.ended(second)
  })

  it('reports phases and steps while it runs', async () => {
    await bench.startWorker()
    const id = await bench.submit(scripted({ stepMs: 200 }, { steps: 8 }))
    const events: JobEvent[] = []
    bench.state.events.subscribe(id, (event) => events.push(event))
    await bench.ended(id)
    const steps = events.flatMap((event) =>
      event.type === 'progress' && event.progress.phase === 'denoising' ? [event.progress] : [],
    )
    expect(steps.length).toBeGreaterThan(3)
    expect(steps.at(-1)?.percent).toBeGreaterThan(steps[0]?.percent ?? 100)
  })

  it('shows previews while somebody watches', async () => {
    await bench.startWorker()
    const id = await bench.submit(scripted({ stepMs: 100 }, { steps: 15 }))
    const previews: JobEvent[] = []
    bench.state.events.subscribe(id, (event) => event.type === 'preview' && previews.push(event))
    await bench.state.events.requestPreviews(id, 2)
    await bench.ended(id)
    expect(previews.length).toBeGreaterThan(2)
    for (const preview of previews) {
      if (preview.type !== 'preview') continue
      expect(preview.step % 2).toBe(0)
      expect(Buffer.from(preview.image.subarray(8, 12)).toString()).toBe('WEBP')
    }
  })
})

describe('a cancel', () => {
  it('ends a running job within a step and 250 ms, and leaves nothing', async () => {
    await bench.startWorker()
    const id = await bench.submit(scripted({ stepMs: 300 }, { steps: 100 }))
    await untilProcessing(id)
    const asked = performance.now()
    expect((await bench.state.jobs.requestCancel('default', id)).outcome).toBe('requested')
    expect((await bench.ended(id)).status).toBe('canceled')
    expect(performance.now() - asked).toBeLessThan(300 + 250)
    await expect.poll(() => bench.engine.running).toBe(0)
    expect(await bench.objects(id)).toEqual(['inputs/image.png'])
    expect(bench.notices).toEqual(['started', 'ended'])
  })

  it('ends a job whose engine hangs, after the grace', async () => {
    await bench.startWorker()
    const id = await bench.submit(scripted({ stepMs: 20, hangAtStep: 4 }))
    await untilProcessing(id)
    await sleep(300)
    await bench.state.jobs.requestCancel('default', id)
    expect((await bench.ended(id)).status).toBe('canceled')
    const next = await bench.submit(scripted({}))
    expect((await bench.ended(next)).status).toBe('succeeded')
  })

  it('of a prepared job never lets it start', async () => {
    await bench.startWorker()
    const first = await bench.submit(scripted({ stepMs: 100 }, { steps: 10 }))
    await untilProcessing(first)
    const second = await bench.submit(scripted({}))
    await sleep(200)
    expect((await bench.state.jobs.requestCancel('default', second)).outcome).toBe('canceled')
    await bench.ended(first)
    expect((await bench.record(second)).attempt).toBe(0)
  })
})

describe('a drain', () => {
  it('hands prepared jobs back at once and lets the running one end', async () => {
    const { consumer, draining } = await bench.startWorker()
    const running = await bench.submit(scripted({ stepMs: 100 }, { steps: 10 }))
    await untilProcessing(running)
    const prepared = await bench.submit(scripted({}))
    await sleep(200)
    draining.abort('shutdown')
    await consumer.drain()
    expect((await bench.record(running)).status).toBe('succeeded')
    expect(await bench.record(prepared)).toMatchObject({ status: 'queued', attempt: 0 })
    await bench.startWorker()
    expect((await bench.ended(prepared)).status).toBe('succeeded')
  })

  it('hands a job back that takes too long, without counting it', async () => {
    const { consumer, draining } = await bench.startWorker()
    const id = await bench.submit(scripted({ stepMs: 50 }, { steps: 40 }))
    await untilProcessing(id)
    draining.abort('shutdown')
    await consumer.shutdown()
    expect(await bench.record(id)).toMatchObject({ status: 'queued', crashes: 0 })
    await bench.startWorker()
    expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', crashes: 0 })
  })
})

it('an attempt that lost deletes what it wrote', async () => {
  const store = { ...bench.store }
  let id = ''
  store.put = async (...args) => {
    const stored = await bench.store.put(...args)
    await bench.state.jobs.finish(id, {
      status: 'succeeded',
      attempt: 1,
      images: [],
      error: null,
      warnings: [],
      metrics: null,
    })
    return stored
  }
  id = await bench.submit(scripted({}))
  await bench.startWorker({ store })
  await bench.ended(id)
  await expect.poll(() => bench.objects(id)).toEqual(['inputs/image.png'])
  expect(bench.notices).toEqual(['started'])
})

it('an attempt that the record does not know of, as after a failover, gives its item back, and the job runs', async () => {
  await bench.startWorker()
  const id = await bench.submit(scripted({ stepMs: 100 }, { steps: 20 }))
  await expect.poll(async () => (await bench.record(id)).progress?.phase, { timeout: 10_000 }).toBe('denoising')
  await bench.state.jobs.release(id, 1)
  expect(await bench.ended(id)).toMatchObject({ status: 'succeeded', attempt: 2, crashes: 0 })
  expect(await bench.objects(id)).toEqual(['attempts/2/0.png', 'inputs/image.png'])
})
