import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTestRedis, type TestRedis } from '@pentimento/test-redis'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openState, StateUnavailable } from '../index.ts'
import { openTestState, submit, succeeded, until } from '../testing/state.ts'

/** A name for Redis: new connections go to where it points, old ones stay where they are. */
async function startName(port: number) {
  let target = port
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) socket.on('error', () => [client, upstream].map((one) => one.destroy()))
    client.on('close', () => upstream.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pointTo: (next: number) => {
      target = next
    },
    close: () => server.close(),
  }
}

/** What `work` answers when it succeeds at last. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  let answer: { value: T } | undefined
  await until(async () => {
    answer = await work().then(
      (value) => ({ value }),
      () => undefined,
    )
    return answer !== undefined
  })
  if (!answer) throw new Error('it never succeeded')
  return answer.value
}

const portOf = ({ url }: TestRedis) => Number(new URL(url).port)

let a: TestRedis
let b: TestRedis
let [adminA, adminB]: Redis[] = []
const admins = () => [adminA, adminB].filter((admin) => admin !== undefined)

beforeEach(async () => {
  a = await startTestRedis('--repl-diskless-sync-delay', '0')
  b = await startTestRedis('--repl-diskless-sync-delay', '0')
  adminA = new Redis(a.url)
  adminB = new Redis(b.url)
})

afterEach(async () => {
  for (const admin of admins()) admin.disconnect()
  await Promise.all([a.close(), b.close()])
})

async function replicate(from: TestRedis, to: Redis | undefined): Promise<void> {
  await to?.replicaof('127.0.0.1', portOf(from))
  await until(async () => /master_link_status:up/.test((await to?.info('replication')) ?? ''))
}

/** Waits until the replica has all that was written so far; WAIT looks at the writes of its own connection only. */
async function replicated(): Promise<void> {
  await adminA?.set('last', 'write')
  expect(await adminA?.wait(1, 5000)).toBe(1)
}

test('a failover behind a name heals within five seconds, for calls, consumers and waiting alike, and loses no job', async () => {
  await replicate(a, adminB)
  const name = await startName(portOf(a))
  const errors: string[] = []
  const state = await openState({ redisUrl: name.url, onError: ({ message }) => errors.push(message) })
  const consumer = await state.queue.consume({
    model: 'still-life',
    workerName: 'w',
    handler: async (item) => {
      const started = await state.jobs.start(item.id, 'w')
      if (started.outcome === 'started') await state.jobs.finish(item.id, succeeded(started.attempt))
      return 'done'
    },
  })
  const before = await submit(state)
  expect(await state.jobs.wait('default', before.id, { timeoutMs: 5000 })).toMatchObject({ status: 'succeeded' })
  await replicated()

  await adminB?.replicaof('NO', 'ONE')
  name.pointTo(portOf(b))
  await adminA?.replicaof('127.0.0.1', portOf(b))
  const since = performance.now()
  // By now the consumer may have taken everyone along.
  await until(() =>
    state.ping().then(
      () => true,
      () => false,
    ),
  )
  const after = await eventually(() => submit(state))
  expect(await state.jobs.wait('default', after.id, { timeoutMs: 5000 })).toMatchObject({ status: 'succeeded' })
  expect(performance.now() - since).toBeLessThan(5000)
  expect(await state.jobs.get('default', before.id)).toMatchObject({ status: 'succeeded' })
  // Nobody stays behind, and nobody fills the log.
  await sleep(2500)
  const left = await adminA?.client('LIST')
  expect(
    String(left)
      .split('\n')
      .filter((line) => !/cmd=client|flags=[^ ]*[SM]/.test(line) && line !== ''),
  ).toEqual([])
  expect(errors.length).toBeLessThan(15)
  await consumer.drain()
  await state.close()
  name.close()
})

test('a process that only listens leaves a demoted server, too', async () => {
  await replicate(a, adminB)
  const name = await startName(portOf(a))
  const state = await openState({ redisUrl: name.url, onError: () => undefined })
  const job = await submit(state)
  await replicated()
  const seen: string[] = []
  state.events.subscribe(job.id, ({ type }) => seen.push(type))
  await sleep(200)
  await adminB?.replicaof('NO', 'ONE')
  name.pointTo(portOf(b))
  // Cut off from its master, it would pass nothing on.
  await adminA?.replicaof('127.0.0.1', 1)
  await until(async () => (await adminB?.client('LIST'))?.toString().includes('cmd=subscribe') ?? false)
  seen.length = 0
  const worker = await openTestState(b.url, 'pentimento')
  await worker.jobs.start(job.id, 'w')
  await until(() => seen.includes('status'))
  await worker.close()
  await state.close()
  name.close()
})

test.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
  [
    'has no room',
    async () => adminA?.config('SET', 'maxmemory', '1'),
    async () => adminA?.config('SET', 'maxmemory', '0'),
  ],
  [
    'lacks the replicas that it must have',
    async () => adminA?.config('SET', 'min-replicas-to-write', '1'),
    async () => adminA?.config('SET', 'min-replicas-to-write', '0'),
  ],
  ['is a replica', async () => replicate(b, adminA), async () => adminA?.replicaof('NO', 'ONE')],
  [
    'is a replica without its master',
    async () => {
      await adminA?.config('SET', 'replica-serve-stale-data', 'no')
      await adminA?.replicaof('127.0.0.1', 1)
    },
    async () => adminA?.replicaof('NO', 'ONE'),
  ],
  ['hangs', async () => a.freeze(), async () => a.thaw()],
])('is not ready while its Redis %s, and is again within five seconds', async (_, ail, heal) => {
  const state = await openTestState(a.url)
  await state.ping()
  await ail()
  await expect(state.ping()).rejects.toThrow(StateUnavailable)
  await sleep(1500)
  await expect(state.ping()).rejects.toThrow(StateUnavailable)
  await heal()
  const since = performance.now()
  await until(() =>
    state.ping().then(
      () => true,
      () => false,
    ),
  )
  await submit(state)
  expect(performance.now() - since).toBeLessThan(5000)
  await state.close()
})
