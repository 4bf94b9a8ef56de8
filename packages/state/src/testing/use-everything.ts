import { setTimeout as sleep } from 'node:timers/promises'
import { newJobId } from '@pentimento/contracts'
import { type Handler, openState, type State } from '../index.ts'
import { created, modelEntry, submit, succeeded, testRequest, until } from './state.ts'

type Options = Parameters<typeof openState>[0]

/** Calls whatever an api, a worker and the commands call, so that each command to Redis is given at least once. */
export async function useEverything(options: Options): Promise<void> {
  const secretsKey = Buffer.alloc(32, 7).toString('base64')
  const state = await openState({ ...options, secretsKey })
  await useTenants(state)
  await useNotesAndFiles(state)
  await useWebhooks(state)
  await useJobs(state)
  await useQueue(state, options)
  for (const sweep of Object.values(state.jobs.sweep)) if (sweep.length === 0) await (sweep as () => Promise<unknown>)()
  await state.close()
}

async function useTenants({ tenants, workers }: State): Promise<void> {
  const { key, token } = await tenants.createKey({ tenant: 'a', scopes: ['submit'] })
  await tenants.verify(token)
  const rotated = await tenants.rotateKey(key.id)
  await tenants.revokeKey(rotated?.key.id ?? '')
  await tenants.listKeys()
  await tenants.usage('a')
  await tenants.countRequest('a', 60_000)
  await tenants.countRequest('a', 60_000)
  await tenants.secondsUntilNext('a', 'end')
  await tenants.secondsUntilNext('a', 'start')
  await tenants.secondsUntilStorage('a')
  const models = [modelEntry()]
  for (const state of ['ready', 'busy'] as const)
    await workers.announce({ workerId: 'w', state, device: 'cpu', deviceMemory: null, models })
  await workers.list()
  await workers.catalogue()
  await workers.withdraw('w')
}

async function useNotesAndFiles({ notes, files, ping }: State): Promise<void> {
  await ping()
  await notes.write('a', 'note', 'text', 60_000)
  await notes.read('a', 'note')
  await notes.erase('a', 'note')
  await notes.add('a', 'list', 'text', 60_000)
  await notes.list('a', 'list')
  await notes.remove('a', 'list', 'text')
  const file = { name: 'a.png', contentType: 'image/png', format: 'png', bytes: 1, sha256: '' }
  await files.add({ ...file, id: 'one', tenant: 'a', createdAt: Date.now(), expiresAt: Date.now() + 60_000 })
  await files.get('a', 'one')
  await files.list('a')
  await files.due(1)
  await files.remove('a', 'one')
}

async function useWebhooks({ webhooks, jobs }: State): Promise<void> {
  await webhooks.rotateSecret('a')
  await webhooks.rotateSecret('a', 0)
  await webhooks.hasSecret('a')
  await webhooks.secrets('a')
  const event = {
    tenant: 'a',
    type: 'job.succeeded',
    url: 'https://example.com/',
    body: '{}',
    traceparent: null,
  } as const
  const job = newJobId()
  for (const id of ['evt_1', 'evt_2', 'evt_3']) await webhooks.enqueue({ ...event, id, job })
  const due = await webhooks.claim({ limit: 10, perHost: 10, perTenant: 10, leaseMs: 5000 })
  const answer = { status: 500, response: '', durationMs: 1, error: 'no' }
  for (const [index, delivery] of due.entries())
    await webhooks.settle(
      delivery,
      index === 0
        ? { outcome: 'delivered', status: 200, response: '', durationMs: 1 }
        : { outcome: 'failed', ...answer, gone: index === 2 },
    )
  await webhooks.log(job)
  await webhooks.replay(job, 'evt_1')
  await webhooks.testEvent('a', 'evt_1')
  await webhooks.unannounced(10)
  await webhooks.announced((await jobs.list('a', { limit: 1 })).jobs[0]?.id ?? job)
}

async function useJobs(state: State): Promise<void> {
  const { jobs, events } = state
  const idempotency = { key: 'k', fingerprint: 'f' }
  const admission = { maxJobs: 9, maxQueued: 9, dailyWork: 1e9, maxQueueDepth: 9, maxStorage: 1e9 }
  const begin = () => jobs.begin({ id: newJobId(), request: testRequest(), idempotency, admission })
  const { id } = created(await begin())
  await begin()
  const accepted = await jobs.enqueue(id)
  await begin()
  await jobs.find('default', idempotency)
  await jobs.standing(accepted)
  await jobs.abandon(created(await jobs.begin({ id: newJobId(), request: testRequest() })).id)
  const forget = events.subscribe(id, () => {})
  await events.requestPreviews(id, 1)
  await events.publishPreview(id, { index: 0, step: 1, image: Buffer.alloc(8) })
  forget()
  for (const how of ['release', 'crash', 'finish'] as const) {
    const started = await jobs.start(id, 'w')
    if (started.outcome !== 'started') throw new Error(`the job is ${started.outcome}`)
    const { attempt } = started
    await jobs.progress(id, attempt, { phase: 'denoising', step: 1, steps: 2, percent: 50 })
    if (how === 'release') await jobs.release(id, attempt)
    if (how === 'crash') await jobs.crashed(id, attempt, { code: 'engine_crashed', message: '', retryable: true })
    if (how === 'finish') await jobs.finish(id, succeeded(attempt))
  }
  await jobs.list('default', { limit: 10, status: 'succeeded' })
  await jobs.requestCancel('default', (await submit(state)).id)
  await jobs.erase('default', (await submit(state)).id)
  await jobs.requestCancel('default', (await submit(state, { expires_in: 60, deadline: 1 })).id)
}

/** One job runs, one is given back, one fails in the worker, and one is left behind by a worker that vanishes. */
async function useQueue(state: State, options: Options): Promise<void> {
  const vanishing = await openState({ ...options, onError: () => {} })
  let held = 0
  const consume = (from: State, handler: Handler) =>
    from.queue.consume({ model: 'still-life', workerName: 'w', handler })
  await consume(vanishing, () => {
    held += 1
    return new Promise(() => {})
  })
  const left = await submit(state)
  await until(() => held > 0)
  await vanishing.close()
  const ways = ['give-back', 'fail', 'run']
  const consumer = await consume(state, async ({ id }) => {
    const way = ways.shift() ?? 'run'
    if (way === 'fail') throw new Error('a fault that is expected')
    if (way === 'give-back') return 'give-back'
    const started = await state.jobs.start(id, 'w')
    await sleep(400)
    if (started.outcome === 'started') await state.jobs.finish(id, succeeded(started.attempt))
    return 'done'
  })
  const others = [await submit(state), await submit(state)]
  await state.queue.depths(['still-life'])
  await state.queue.full(['still-life'], 1)
  for (const { id } of [left, ...others]) {
    const end = await state.jobs.wait('default', id, { timeoutMs: 15_000 })
    if (end === null || 'gone' in end || end.status !== 'succeeded')
      throw new Error(`${id} did not run: ${JSON.stringify(end)}`)
  }
  await consumer.hold(3)
  await consumer.drain()
}
