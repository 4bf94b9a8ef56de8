import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { type JobBench, openJobBench, scripted } from './generate/testing/job-bench.ts'

let bench: JobBench
beforeEach(async () => {
  bench = await openJobBench(inject('redisUrl'))
})
afterEach(() => bench.close())

async function samples(): Promise<Map<string, number>> {
  const lines = (await bench.metrics.scrape()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]))
}

it('counts what becomes of jobs, times what they spend, and watches the engine', async () => {
  await bench.startWorker()
  const ids = [
    await bench.submit(scripted({ stepMs: 20 }, { num_images: 2, steps: 5 })),
    await bench.submit(scripted({ failWith: 'bad_output' })),
    await bench.submit(scripted({ dieAtStep: 2 })),
  ]
  for (const id of ids) await bench.ended(id)
  // The last to end was noted by its worker just after it had told Redis.
  await expect
    .poll(async () => (await samples()).get('pentimento_jobs_ended_total{status="failed",code="engine_crashed"}'))
    .toBe(1)
  const seen = await samples()
  expect(seen.get('pentimento_jobs_ended_total{status="succeeded",code=""}')).toBe(1)
  expect(seen.get('pentimento_jobs_ended_total{status="failed",code="bad_output"}')).toBe(1)
  for (const stage of ['queue', 'load', 'encode', 'denoise', 'decode', 'upload'])
    expect(seen.get(`pentimento_job_stage_seconds_count{stage="${stage}",model="tiny-sd1"}`)).toBe(1)
  expect(seen.get('pentimento_job_stage_seconds_sum{stage="denoise",model="tiny-sd1"}')).toBeGreaterThan(0.1)
  expect(seen.get('pentimento_step_seconds_count{model="tiny-sd1"}')).toBeGreaterThanOrEqual(4)
  expect(seen.get('pentimento_step_seconds_bucket{le="0.01",model="tiny-sd1"}')).toBeLessThanOrEqual(4)
  // Four attempts: the crashed job had two.
  expect(seen.get('pentimento_batch_images_count{model="tiny-sd1"}')).toBe(4)
  expect(seen.get('pentimento_batch_images_sum{model="tiny-sd1"}')).toBe(5)
  await expect.poll(async () => (await samples()).get('pentimento_engine_restarts_total'), { timeout: 10_000 }).toBe(2)
})

it('knows the models that the engine holds, and none once it has died', async () => {
  await bench.startWorker()
  await bench.ended(await bench.submit(scripted({})))
  expect((await samples()).get('pentimento_model_loaded_bytes{model="tiny-sd1"}')).toBe(1)
  await bench.engine.recycle()
  expect((await samples()).has('pentimento_model_loaded_bytes{model="tiny-sd1"}')).toBe(false)
})
