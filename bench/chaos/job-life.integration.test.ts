import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cluster, startCluster } from './cluster.ts'
import { ask, type Model, settle } from './life.ts'
import { type Command, cancel, drainWorker, erase, killEngine, killWorker, look, wait } from './life-commands.ts'
import { submitCommands } from './submit-commands.ts'

// The life of jobs, every status and transition that docs/architecture/02-jobs-and-queue.md draws, on the real stack:
// HTTP, Redis, workers, engines, storage.

let dir: string
let cluster: Cluster
let picture: Blob
const complaints: string[] = []
const reached = new Set<string>()

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-life-'))
  picture = new Blob([
    await readFile(fileURLToPath(new URL('../../assets/samples/strawberry-sketch.png', import.meta.url))),
  ])
  const env = { JOB_TIMEOUT: '5s', DRAIN_TIMEOUT: '1ms', CANCEL_GRACE: '2s' }
  const onComplaint = (line: string) => complaints.push(line)
  cluster = await startCluster({ dir, apis: 1, lockSeconds: 2, stalledSeconds: 1, env, onComplaint })
}, 120_000)
afterAll(async () => {
  await cluster?.stop()
  await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

async function live(list: Iterable<Command>): Promise<Model> {
  const model: Model = { jobs: [], reached }
  await fc.asyncModelRun(() => ({ model, real: cluster }), list)
  await settle(cluster, model)
  return model
}

it('takes every way that is drawn', async () => {
  const { submit, submitTooLate, submitAndLoseInputs, submitWithoutStorage } = submitCommands(picture, 60)
  const long = submit('long')
  const queued = [long, long, long, wait(0, 'processing'), wait(1, 'processing')]
  const failed = [long, killEngine(-1), killEngine(-1), wait(-1, 'end')]
  // One job for each final status.
  const ended = await live([submit('short'), wait(-1, 'end'), long, cancel(-1), ...failed, cancel(-1), submitTooLate])
  await live([
    ...queued,
    cancel(2),
    look(2),
    cancel(2),
    erase(2),
    look(2),
    cancel(0),
    cancel(1),
    wait(0, 'end'),
    cancel(0),
  ])
  await live([...queued, erase(2), erase(1), erase(0), look(0), erase(0), cancel(0)])
  await live([long, killWorker(-1), wait(-1, 'end'), cancel(-1), erase(-1)])
  await live([long, drainWorker(-1), wait(-1, 'end'), long, drainWorker(-1), cancel(-1)])
  await live([long, killEngine(-1), cancel(-1), wait(-1, 'end')])
  await live([submitTooLate, cancel(-1), erase(-1), look(-1)])
  await live([submitAndLoseInputs, wait(-1, 'end'), cancel(-1), erase(-1), submitWithoutStorage, wait(-1, 'end')])
  await live([submit('endless'), wait(-1, 'end')])

  expect(ended.jobs.map(({ status }) => status).toSorted()).toEqual(['canceled', 'expired', 'failed', 'succeeded'])
  for (const { id } of ended.jobs) {
    for (const until = Date.now() + 65_000; (await ask(cluster, `/jobs/${id}`)).status !== 410; ) {
      expect(Date.now(), `${id} does not expire`).toBeLessThan(until)
      await sleep(500)
    }
    for (const path of [`/jobs/${id}`, `/jobs/${id}/images/0`, `/jobs/${id}/events`])
      expect((await ask(cluster, path)).body.code).toBe('expired')
    expect((await ask(cluster, `/jobs/${id}/cancel`, { method: 'POST' })).body.code).toBe('expired')
    expect((await ask(cluster, `/jobs/${id}`, { method: 'DELETE' })).body.code).toBe('expired')
  }
  for (const way of [
    'queued processing',
    'queued canceled',
    'queued expired',
    'queued failed',
    'processing queued',
    'processing succeeded',
    'processing failed',
    'processing canceled',
  ])
    expect([...reached], complaints.join('\n')).toContain(way)
}, 300_000)

it('is what the model says, whatever clients do and whatever breaks, in whatever order', async () => {
  const { submit, submitTooLate, submitAndLoseInputs, submitWithoutStorage } = submitCommands(picture, 3600)
  const pick = fc.nat({ max: 7 })
  const commands = fc.commands(
    [
      fc.constantFrom<'short' | 'long'>('short', 'long').map(submit),
      fc.constantFrom(submitTooLate, submitAndLoseInputs, submitWithoutStorage),
      pick.map(look),
      fc.tuple(pick, fc.constantFrom<'processing' | 'end'>('processing', 'end')).map(([n, what]) => wait(n, what)),
      fc.tuple(pick, fc.constantFrom(cancel, erase)).map(([n, act]) => act(n)),
      fc.tuple(pick, fc.constantFrom(killEngine, killWorker, drainWorker)).map(([n, act]) => act(n)),
    ],
    { maxCommands: 12, size: 'max' },
  )
  const lives = fc.asyncProperty(commands, async (list) => void (await live(list)))
  await fc.assert(lives, { numRuns: 4, endOnFailure: true })
}, 300_000)
