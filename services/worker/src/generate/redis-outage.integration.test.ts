import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type JobBench, openJobBench, scripted } from './testing/job-bench.ts'

let dir: string
let port: number
let redis: ChildProcess
let bench: JobBench

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-outage-'))
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  port = (probe.address() as { port: number }).port
  probe.close()
  await startRedis()
  bench = await openJobBench(`redis://127.0.0.1:${port}`)
})

afterEach(async () => {
  await bench.close()
  await stopRedis('SIGKILL')
  await rm(dir, { recursive: true, force: true })
})

async function startRedis(): Promise<void> {
  redis = spawn(
    process.env.REDIS_SERVER ?? 'redis-server',
    ['--port', String(port), '--save', '', '--appendonly', 'yes', '--dir', dir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  for await (const chunk of redis.stdout ?? []) if (String(chunk).includes('Ready to accept')) break
}

async function stopRedis(signal: NodeJS.Signals): Promise<void> {
  const gone = once(redis, 'exit')
  redis.kill(signal)
  await gone
}

it('a job outlives Redis: the engine goes on, and the result is published once Redis is back', async () => {
  await bench.startWorker()
  const id = await bench.submit(scripted({ stepMs: 100 }, { steps: 20 }))
  await expect.poll(async () => (await bench.record(id)).progress?.phase, { timeout: 10_000 }).toBe('denoising')
  await stopRedis('SIGKILL')
  // Longer than the rest of the job: it ends while there is nobody to tell.
  await sleep(3500)
  await startRedis()
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
