import { newJobId } from '@pentimento/contracts'
import { startTestRedis, type TestRedis } from '@pentimento/test-redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EnqueueUnknown, openState, type State, StateUnavailable } from '../index.ts'
import { created, submit, testRequest, until } from '../testing/state.ts'

let master: TestRedis
let replica: TestRedis
let state: State

beforeAll(async () => {
  master = await startTestRedis('--repl-diskless-sync-delay', '0')
  replica = await startTestRedis('--replicaof', `127.0.0.1 ${new URL(master.url).port}`)
  const admin = new Redis(replica.url)
  await until(async () => /master_link_status:up/.test(await admin.info('replication')))
  admin.disconnect()
  const secretsKey = Buffer.alloc(32, 7).toString('base64')
  state = await openState({ redisUrl: master.url, waitReplicas: 1, secretsKey, onError: () => {} })
})

afterAll(async () => {
  await state.close()
  await Promise.all([master.close(), replica.close()])
})

test('what is answered for is on the replica', async () => {
  const job = await submit(state)
  const { key } = await state.tenants.createKey({ tenant: 'a', scopes: ['submit'] })
  const copy = new Redis(replica.url)
  expect(await copy.hget(`{pentimento}:job:${job.id}`, 'accepted')).toBe('1')
  expect(await copy.sismember('{pentimento}:keys', key.id)).toBe(1)
  copy.disconnect()
})

test('without the replica nothing is, and the same request is answered for once it is back', async () => {
  const id = newJobId()
  const idempotency = { key: 'k', fingerprint: 'f' }
  const begin = () => state.jobs.begin({ id, request: testRequest(), idempotency })
  replica.freeze()
  await expect(state.jobs.enqueue(created(await begin()).id)).rejects.toThrow(EnqueueUnknown)
  await expect(state.jobs.find('default', idempotency)).rejects.toThrow(EnqueueUnknown)
  await expect(begin().then((begun) => begun.outcome)).resolves.toBe('created')
  await expect(state.webhooks.rotateSecret('a')).rejects.toThrow(StateUnavailable)
  replica.thaw()
  await until(() =>
    state.jobs.find('default', idempotency).then(
      (found) => found?.outcome === 'replayed',
      () => false,
    ),
  )
})
