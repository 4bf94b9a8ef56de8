import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { WebhookEventName } from '@pentimento/contracts'
import { createOutbound } from '@pentimento/outbound'
import type { State } from '@pentimento/state'
import { noTracing } from '@pentimento/tracing'
import pino from 'pino'
import { Webhook } from 'standardwebhooks'
import { afterEach, beforeEach, expect, inject, it } from 'vitest'
import { startBackground } from '../background/start-background.ts'
import { type JobBench, openJobBench, scripted } from '../generate/testing/job-bench.ts'
import type { RunningRole } from '../role.ts'
import { createJobNotices } from './job-notices.ts'

const all: WebhookEventName[] = [
  'job.started',
  'job.progress',
  'job.succeeded',
  'job.failed',
  'job.canceled',
  'job.expired',
]
const log = pino({ level: 'silent' })
const publicUrl = 'https://pictures.example'

let bench: JobBench
let state: State
let receiver: Server
let received: { headers: IncomingHttpHeaders; body: string; path: string }[]
let statusOf: (path: string) => number
const roles: RunningRole[] = []

beforeEach(async () => {
  bench = await openJobBench(inject('redisUrl'), { secretsKey: randomBytes(32).toString('base64') })
  state = bench.state
  received = []
  statusOf = () => 204
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path })
      // A status of 0 is a receiver that never answers.
      if (statusOf(path) !== 0) response.writeHead(statusOf(path)).end()
    })
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
})

afterEach(async () => {
  await Promise.all(roles.splice(0).map((role) => role.stop()))
  receiver.closeAllConnections()
  receiver.close()
  await bench.close()
})

function startBackgroundRole(): void {
  const outbound = createOutbound({ allow: ['127.0.0.1'] })
  const { metrics, store } = bench
  roles.push(
    startBackground({ state, store, outbound, publicUrl, webhookAllowHttp: true, metrics, tracing: noTracing, log }),
  )
}

const hook = (path = '/', events = all) => ({
  url: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}${path}`,
  events,
})
const typesAt = (path: string) => received.filter((one) => one.path === path).map(({ body }) => JSON.parse(body).type)
const startWorker = () => {
  const notify = createJobNotices({
    jobs: state.jobs,
    webhooks: state.webhooks,
    tenants: state.tenants,
    publicUrl,
    log,
  })
  return bench.startWorker({ notify })
}

it('tells of a job from start to end, each event once, signed, with the job as its data', async () => {
  const secret = await state.webhooks.rotateSecret('default')
  await startWorker()
  startBackgroundRole()
  const id = await bench.submit({ ...scripted({ stepMs: 200 }, { steps: 8 }), webhook: hook() })
  await bench.ended(id)
  await expect.poll(() => typesAt('/'), { timeout: 5000 }).toContain('job.succeeded')
  expect(typesAt('/').filter((type) => type === 'job.started')).toHaveLength(1)
  expect(typesAt('/').filter((type) => type === 'job.progress').length).toBeGreaterThan(1)
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(received.length)
  for (const { headers, body } of received) {
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({ data: { id } })
  }
  const last = received.map(({ body }) => JSON.parse(body)).find(({ type }) => type === 'job.succeeded')
  expect(last.data).toMatchObject({
    status: 'succeeded',
    images: [{ url: `${publicUrl}/v1/jobs/${id}/images/0` }],
    metrics: { attempts: 1 },
  })
  expect(await state.webhooks.unannounced(10)).toEqual([])
})

it('sends a bare prediction, signed alike, where its job came by an API that has them', async () => {
  const secret = await state.webhooks.rotateSecret('default')
  await startWorker()
  startBackgroundRole()
  const webhook = { ...hook('/prediction'), shape: 'prediction' as const }
  const { key } = await state.tenants.createKey({ tenant: 'default', scopes: ['read'] })
  const id = await bench.submit({ ...scripted({ stepMs: 50 }, { steps: 8 }), key: key.id, webhook })
  await bench.ended(id)
  const statuses = () =>
    received.filter(({ path }) => path === '/prediction').map(({ body }) => JSON.parse(body).status)
  await expect.poll(statuses, { timeout: 5000 }).toContain('succeeded')
  const last = received.findLast(({ path, body }) => path === '/prediction' && body.includes('"succeeded"'))
  const prediction = new Webhook(secret).verify(last?.body ?? '', last?.headers as Record<string, string>)
  expect(prediction).toMatchObject({ id, status: 'succeeded', error: null })
  const { output } = prediction as { output: string[] }
  const [url = '', token = ''] = output[0]?.split('?token=') ?? []
  expect(url).toBe(`${publicUrl}/replicate/v1/predictions/${id}/output/0`)
  expect(await state.tenants.opened(token, [url.slice(publicUrl.length)])).toMatchObject({ key: { id: key.id } })
})

it('tells of ends that no worker saw, and of ends whose event was lost', async () => {
  await state.webhooks.rotateSecret('default')
  const expiring = await bench.submit({ ...scripted({}), webhook: hook('/expired'), deadline: 1 })
  const canceled = await bench.submit({ ...scripted({}), webhook: hook('/canceled') })
  await state.jobs.requestCancel('default', canceled)
  startBackgroundRole()
  await bench.ended(expiring)
  // This worker's own notices go nowhere, as if it died right after the job's end.
  await bench.startWorker()
  const succeeded = await bench.submit({ ...scripted({}), webhook: hook('/succeeded') })
  await bench.ended(succeeded)
  await expect
    .poll(() => ['/expired', '/canceled', '/succeeded'].map(typesAt), { timeout: 10_000 })
    .toEqual([['job.expired'], ['job.canceled'], ['job.succeeded']])
})

it('sends only what was asked for', async () => {
  await state.webhooks.rotateSecret('default')
  await startWorker()
  startBackgroundRole()
  const id = await bench.submit({ ...scripted({ failWith: 'not_supported' }), webhook: hook('/', ['job.failed']) })
  await bench.ended(id)
  await expect.poll(() => typesAt('/'), { timeout: 5000 }).toEqual(['job.failed'])
})

it('is held up by no receiver: others get theirs while one hangs and one fails', async () => {
  await state.webhooks.rotateSecret('default')
  statusOf = (path) => ({ '/hangs': 0, '/fails': 500 })[path] ?? 200
  await startWorker()
  startBackgroundRole()
  const started = performance.now()
  const hanging = await bench.submit({ ...scripted({}), webhook: hook('/hangs', ['job.succeeded']) })
  const failing = await bench.submit({ ...scripted({}), webhook: hook('/fails', ['job.succeeded']) })
  const fine = await bench.submit({ ...scripted({}), webhook: hook('/fine', ['job.succeeded']) })
  await Promise.all([hanging, failing, fine].map((id) => bench.ended(id)))
  await expect.poll(() => typesAt('/fine'), { timeout: 5000 }).toEqual(['job.succeeded'])
  expect(performance.now() - started).toBeLessThan(8000)
  // The second try of a failure comes five seconds after the first, with the same id and body.
  await expect.poll(() => typesAt('/fails').length, { timeout: 10_000 }).toBe(2)
  const [first, second] = received.filter(({ path }) => path === '/fails')
  expect(second?.body).toBe(first?.body)
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  const [delivery] = await state.webhooks.log(failing)
  expect(delivery).toMatchObject({ state: 'pending', attempts: [{ status: 500 }, { status: 500 }] })
}, 30_000)
