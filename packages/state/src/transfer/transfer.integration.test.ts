import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { newNamespace, openTestState, submit, succeeded, until } from '../testing/state.ts'
import { type KeptKey, openTransfer, type Transfer } from './transfer.ts'

const namespace = newNamespace()
/** Another Redis, as far as keys go. */
const elsewhere = `${inject('redisUrl')}/1`
let from: Transfer
let to: Transfer
beforeAll(async () => {
  from = await openTransfer({ redisUrl: inject('redisUrl'), namespace })
  to = await openTransfer({ redisUrl: elsewhere, namespace })
})
afterAll(() => {
  from.close()
  to.close()
})

async function all(keys: AsyncIterable<KeptKey>): Promise<KeptKey[]> {
  const found: KeptKey[] = []
  for await (const key of keys) found.push(key)
  return found
}

async function* each(keys: KeptKey[]) {
  yield* keys
}

test('waiting, running and ended jobs, keys and secrets go on elsewhere as if nothing had been', async () => {
  const before = await openTestState(inject('redisUrl'), namespace)
  await before.ping()
  await expect(all(from.read())).rejects.toThrow('an api or a worker of this deployment runs')
  const { token } = await before.tenants.createKey({ tenant: 'default', scopes: ['read'] })
  const secret = await before.webhooks.rotateSecret('default')
  const ended = await submit(before)
  const started = await before.jobs.start(ended.id, 'w')
  if (started.outcome === 'started') await before.jobs.finish(ended.id, succeeded(started.attempt))
  await before.queue.consume({
    model: 'still-life',
    workerName: 'w',
    hold: 1,
    handler: async ({ id }) => {
      await before.jobs.start(id, 'w')
      return new Promise(() => {})
    },
  })
  const running = await submit(before)
  await until(async () => (await before.queue.depths(['still-life']))[0]?.active === 1)
  const waiting = await submit(before)
  // As if five seconds had passed since everything was stopped.
  await before.close()
  const redis = new Redis(inject('redisUrl'))
  await redis.pexpire(`{${namespace}}:written`, 50_000)
  redis.disconnect()

  const keys = await all(from.read())
  expect(await to.write(each(keys))).toBe(keys.length)
  await expect(to.write(each(keys))).rejects.toThrow('only an empty one is written to')

  const after = await openTestState(elsewhere, namespace)
  expect(await after.tenants.verify(token)).toMatchObject({ tenant: 'default' })
  expect(await after.webhooks.secrets('default')).toEqual([secret])
  expect(await after.jobs.get('default', ended.id)).toMatchObject({ status: 'succeeded', attempt: 1 })
  const ran: string[] = []
  const consumer = await after.queue.consume({
    model: 'still-life',
    workerName: 'w2',
    handler: async ({ id }) => {
      ran.push(id)
      const again = await after.jobs.start(id, 'w2')
      if (again.outcome === 'started') await after.jobs.finish(id, succeeded(again.attempt))
      return 'done'
    },
  })
  for (const { id } of [running, waiting])
    expect(await after.jobs.wait('default', id, { timeoutMs: 10_000 })).toMatchObject({ status: 'succeeded' })
  expect(ran.toSorted()).toEqual([running.id, waiting.id].toSorted())
  await consumer.drain()
  await after.close()
})

test('what Redis cannot read is told of, and nothing of it is left', async () => {
  const fresh = await openTransfer({ redisUrl: elsewhere, namespace: newNamespace() })
  const redis = new Redis(elsewhere)
  await redis.set('one', 'value')
  const dump = ((await redis.dumpBuffer('one')) as Buffer).toString('base64')
  const keys = [
    { name: 'good', expires: null, dump },
    { name: 'newer', expires: null, dump: 'AAAA' },
  ]
  await expect(fresh.write(each(keys))).rejects.toThrow('cannot read the key newer: the one it comes from is newer')
  expect(await all(fresh.read())).toEqual([])
  await redis.del('one')
  redis.disconnect()
  fresh.close()
})
