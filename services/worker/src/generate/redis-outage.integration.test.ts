import { setTimeout as sleep } from 'node:timers/promises'
import { startTestRedis, type TestRedis } from '@pentimento/test-redis'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type JobBench, openJobBench, scripted } from './testing/job-bench.ts'

let redis: TestRedis
let bench: JobBench

beforeEach(async () => {
  redis = await startTestRedis()
  bench = await openJobBench(redis.url)
})

afterEach(async () => {
  await bench.close()
  await redis.close()
})

it('a job outlives Redis: the engine goes on, and the result is published once Redis is back', async () => {
  await bench.startWorker()
  const id = await bench.submit(scripted({ stepMs: 100 }, { steps: 20 }))
  await expect.poll(async () => (await bench.record(id)).progress?.phase, { timeout: 10_000 }).toBe('denoising')
  await redis.kill('SIGKILL')
  // Longer than the rest of the job: it ends while there is nobody to tell.
  await sleep(3500)
  await redis.start()
  await expect
    .poll(
      () =>
        bench.record(id).then(
          ({ status }) => status,
          () => 'unreachable',
        ),
      { timeout: 20_000 },
    )
    .toBe('succeeded')
  expect(await bench.record(id)).toMatchObject({ attempt: 1, crashes: 0 })
  expect(await bench.objects(id)).toEqual(['attempts/1/0.png', 'inputs/image.png'])
  const next = await bench.submit(scripted({}))
  expect((await bench.ended(next)).status).toBe('succeeded')
}, 60_000)
