import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { imageLimits, newJobId } from '@pentimento/contracts'
import { freePort } from '@pentimento/free-port'
import { decodeRgb, encode } from '@pentimento/images'
import { openState, type State } from '@pentimento/state'
import { keys, type ObjectStore, openStore } from '@pentimento/storage'
import { afterEach, beforeEach, expect, inject, it, onTestFailed } from 'vitest'
import { engineEnv } from './engine/testing/requests.ts'
import { img2imgRequest, inpaintRequest } from './generate/testing/job-requests.ts'

const fixtures = fileURLToPath(new URL('../../../models/fixtures', import.meta.url))
const main = fileURLToPath(new URL('./main.ts', import.meta.url))

let dir: string
let state: State
let store: ObjectStore
let namespace: string
let port: number
const workers: ChildProcess[] = []
const lines: string[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pentimento-main-'))
  namespace = `main-${newJobId().slice(4, 12)}`
  state = await openState({ redisUrl: inject('redisUrl'), namespace, onError: () => {} })
  store = await openStore(pathToFileURL(join(dir, 'storage')).href)
  await mkdir(join(dir, 'models'))
  for (const name of ['tiny-sd1', 'tiny-sd1-inpaint']) {
    await cp(join(fixtures, name), join(dir, 'models', name), { recursive: true })
  }
  port = await freePort()
  lines.length = 0
  // What the workers said is the first thing to look at.
  onTestFailed(() => void process.stderr.write(`${lines.join('\n')}\n`))
})

afterEach(async () => {
  for (const worker of workers.splice(0)) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue
    const gone = once(worker, 'exit')
    worker.kill('SIGKILL')
    await gone
  }
  await state.close()
  await rm(dir, { recursive: true, force: true })
})

/** The worker as `npm start` runs it. */
function startWorker(env: Record<string, string> = {}): ChildProcess {
  const worker = spawn(process.execPath, ['--conditions=source', main], {
    env: {
      ...engineEnv,
      THREADS: process.env.THREADS,
      REDIS_URL: inject('redisUrl'),
      REDIS_NAMESPACE: namespace,
      DATA_DIR: dir,
      BUILTIN_MODEL: 'off',
      WORKER_PORT: String(port),
      LOCK_DURATION: '3s',
      STALLED_INTERVAL: '1s',
      DRAIN_TIMEOUT: '500ms',
      LOG_LEVEL: 'info',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [worker.stdout, worker.stderr]) {
    stream?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().split('\n').filter(Boolean)))
  }
  workers.push(worker)
  return worker
}

const readyz = () =>
  fetch(`http://127.0.0.1:${port}/readyz`).then(
    (answer) => answer.status,
    () => 0,
  )
const untilReady = () => expect.poll(readyz, { timeout: 30_000, interval: 50 }).toBe(200)

async function submit(request: Parameters<State['jobs']['begin']>[0]['request']): Promise<string> {
  const id = newJobId()
  await state.jobs.begin({ id, request })
  const halves = (left: number, right: number) => ({
    width: 80,
    height: 80,
    data: Uint8Array.from({ length: 19_200 }, (_, i) => (i % 240 < 120 ? left : right)),
  })
  for (const [name, picture] of [
    ['image.png', halves(220, 40)],
    ['mask.png', halves(255, 0)],
  ] as const) {
    const png = await encode(picture, { format: 'png', quality: 90, metadata: null })
    await store.put(keys.inputKey('default', id, name), png, { contentType: 'image/png' })
  }
  await state.jobs.enqueue(id)
  return id
}

async function ended(id: string) {
  const found = await state.jobs.wait('default', id, { timeoutMs: 60_000 })
  if (!found || 'gone' in found || !found.result) throw new Error(`${id} has not ended`)
  return { ...found, result: found.result }
}

it('paints with a real model: img2img and inpaint, two models, one engine', async () => {
  startWorker()
  await untilReady()
  const catalogue = await state.workers.catalogue()
  expect(catalogue.map(({ entry, available }) => [entry.id, available])).toEqual([
    ['tiny-sd1', true],
    ['tiny-sd1-inpaint', true],
  ])
  const ids = await Promise.all([
    submit(img2imgRequest({ num_images: 2, steps: 4 })),
    submit({ ...inpaintRequest({ steps: 4 }), model: 'tiny-sd1-inpaint' }),
    submit(img2imgRequest({ num_images: 2, steps: 4 })),
  ])
  const [first, inpainted, again] = await Promise.all(ids.map(ended))
  for (const job of [first, inpainted, again]) expect([job?.status, job?.result.error]).toEqual(['succeeded', null])
  expect(first?.result.images.map(({ seed }) => seed)).toEqual([42, 43])
  expect(first?.result.images).toEqual(again?.result.images)
  const bytes = await store.read(keys.resultKey('default', ids[1] ?? '', 1, 0, 'png'))
  const { image } = await decodeRgb(bytes ?? new Uint8Array(), { ...imageLimits, maxSeconds: 60 })
  expect([image.width, image.height]).toEqual([64, 64])
  // The black half of the mask keeps the original, far from the edge.
  expect([...image.data.slice(60 * 3, 60 * 3 + 3)]).toEqual([40, 40, 40])
}, 60_000)

it('announces what it serves, its device and its memory, and in turn that it starts, is ready, is busy, drains and is gone', async () => {
  const seen: string[] = []
  const look = async () => {
    const [mine] = await state.workers.list()
    const now = mine?.state ?? 'gone'
    if (seen.at(-1) !== now) seen.push(now)
    return now
  }
  const becomes = (state: string) => expect.poll(look, { timeout: 30_000, interval: 10 }).toBe(state)
  const worker = startWorker({ MODELS: 'tiny-sd1' })
  await becomes('ready')
  const [announced] = await state.workers.list()
  expect(announced?.models.map(({ id }) => id)).toEqual(['tiny-sd1'])
  expect(announced?.device).toMatch(/^(cpu|cuda|webgpu)$/)
  if (announced?.device === 'cpu') expect(announced.deviceMemory).toBeGreaterThan(2 ** 26)
  for (let i = 0; i < 60; i++) await submit(img2imgRequest({ width: 256, height: 256, steps: 150, strength: 1 }))
  await becomes('busy')
  worker.kill('SIGTERM')
  await becomes('draining')
  await becomes('gone')
  expect(seen.filter((state, i) => i > 0 || state !== 'gone')).toEqual([
    'starting',
    'ready',
    'busy',
    'draining',
    'gone',
  ])
}, 90_000)

it('hands its job back on SIGTERM and ends cleanly; another one is killed and loses nothing: it runs again elsewhere', async () => {
  const first = startWorker({ DRAIN_TIMEOUT: '50ms' })
  await untilReady()
  const id = await submit(img2imgRequest({ width: 128, height: 128, steps: 150, strength: 1 }))
  const record = async () => await state.jobs.get('default', id)
  const untilProcessing = () =>
    expect
      .poll(async () => ((await record()) as { status: string }).status, { timeout: 10_000, interval: 10 })
      .toBe('processing')
  await untilProcessing()
  const gone = once(first, 'exit')
  first.kill('SIGTERM')
  expect(await gone).toEqual([0, null])
  expect(await record()).toMatchObject({ status: 'queued', attempt: 1, crashes: 0 })

  const second = startWorker({ ROLES: 'generate' })
  await untilProcessing()
  second.kill('SIGKILL')
  await once(second, 'exit')
  startWorker()
  expect(await ended(id)).toMatchObject({ status: 'succeeded', attempt: 3, crashes: 1 })
}, 90_000)

it.each([
  ['JOB_TIMEOUT', 'soon', 'JOB_TIMEOUT: must be a time'],
  ['MODELS', 'tiny-sdxl', 'MODELS names "tiny-sdxl", but there is no such model'],
])('ends at once with one sentence when %s is %s', async (name, value, message) => {
  const worker = startWorker({ [name]: value })
  expect(await once(worker, 'exit')).toEqual([1, null])
  expect(lines.join('\n')).toContain(message)
})

it('serves the background role without any model, and ends although nobody reads its log any more', async () => {
  const worker = startWorker({ ROLES: 'background', MODELS_DIR: '/nowhere' })
  worker.stdout?.destroy()
  worker.stderr?.destroy()
  await untilReady()
  const id = newJobId()
  await state.jobs.begin({ id, request: { ...img2imgRequest(), deadline: 1 } })
  await state.jobs.enqueue(id)
  expect(await ended(id)).toMatchObject({ status: 'expired', attempt: 0 })
  const gone = once(worker, 'exit')
  worker.kill('SIGTERM')
  expect(await gone).toEqual([0, null])
}, 30_000)
