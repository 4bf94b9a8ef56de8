import { startTestClusterNode } from '@pentimento/test-redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openState } from '../index.ts'
import { submit, until } from '../testing/state.ts'
import { goesOn, startSteadyLoad } from '../testing/steady-load.ts'

const namespace = 'in-a-slot'
/** Three masters, of which the first has the slot, and a replica of that one. */
let nodes: Awaited<ReturnType<typeof startTestClusterNode>>[]
let admins: Redis[]
let slot: number
let redisUrl: string

const portOf = (index: number) => new URL(nodes[index]?.url ?? '').port
const admin = (index: number) => admins[index] as Redis
const idOf = async (redis: Redis) => (await redis.call('CLUSTER', 'MYID')) as string

beforeAll(async () => {
  const options = ['--cluster-node-timeout', '1500', '--repl-diskless-sync-delay', '0']
  nodes = await Promise.all([0, 1, 2, 3].map(() => startTestClusterNode(...options)))
  admins = nodes.map(({ url }) => new Redis(url))
  // One of them will be killed.
  for (const redis of admins) redis.on('error', () => {})
  slot = (await admin(0).call('CLUSTER', 'KEYSLOT', `{${namespace}}`)) as number
  const thirds = [
    [0, 5460],
    [5461, 10_921],
    [10_922, 16_383],
  ] as const
  const ours = thirds.filter(([from, to]) => from <= slot && slot <= to)
  for (const [index, range] of [...ours, ...thirds.filter((third) => !ours.includes(third))].entries())
    await admin(index).call('CLUSTER', 'ADDSLOTSRANGE', ...range)
  for (const index of [1, 2, 3])
    await admin(0).call('CLUSTER', 'MEET', '127.0.0.1', portOf(index), nodes[index]?.busPort ?? 0)
  await until(async () => {
    const states = await Promise.all(admins.map((redis) => redis.call('CLUSTER', 'INFO')))
    return states.every((info) => /cluster_state:ok[\s\S]*cluster_known_nodes:4/.test(String(info)))
  }, 20_000)
  await admin(3).call('CLUSTER', 'REPLICATE', await idOf(admin(0)))
  await until(async () => /master_link_status:up/.test(await admin(3).info('replication')))
  redisUrl = `redis+cluster://${nodes.map(({ url }) => new URL(url).host).join(',')}`
})

afterAll(async () => {
  for (const redis of admins) redis.disconnect()
  await Promise.all(nodes.map((node) => node.close()))
})

/** Moves the slot from one node to another, key by key, as `redis-cli --cluster reshard` does. */
async function moveSlot(from: number, to: number): Promise<number> {
  const [source, target] = [admin(from), admin(to)]
  const [sourceId, targetId] = [await idOf(source), await idOf(target)]
  await target.call('CLUSTER', 'SETSLOT', slot, 'IMPORTING', sourceId)
  await source.call('CLUSTER', 'SETSLOT', slot, 'MIGRATING', targetId)
  let moved = 0
  for (;;) {
    const keys = (await source.call('CLUSTER', 'GETKEYSINSLOT', slot, 10)) as string[]
    if (keys.length === 0) break
    await source.call('MIGRATE', '127.0.0.1', portOf(to), '', 0, 5000, 'KEYS', ...keys)
    moved += keys.length
  }
  await target.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId)
  await source.call('CLUSTER', 'SETSLOT', slot, 'NODE', targetId)
  return moved
}

test('every key of a deployment is in one slot, whatever of it is used', async () => {
  const state = await openState({ redisUrl, namespace, onError: () => {} })
  await submit(state)
  await state.close()
  const sizes = await Promise.all(admins.slice(0, 3).map((redis) => redis.dbsize()))
  expect(sizes.slice(1)).toEqual([0, 0])
  expect(await admin(0).call('CLUSTER', 'COUNTKEYSINSLOT', slot)).toBe(sizes[0])
})

test('the slot is moved under load: nothing is lost and nothing half done', async () => {
  const load = await startSteadyLoad({ redisUrl, namespace })
  await goesOn(load, 100)
  expect(await moveSlot(0, 1)).toBeGreaterThan(100)
  await goesOn(load)
  await moveSlot(1, 0)
  await goesOn(load)
  expect(await load.end()).toEqual([])
  // What was begun and could not be taken back keeps its key for a lease of 30 s.
  expect(load.longestGapMs(), load.told.slice(-30).join('\n')).toBeLessThan(35_000)
})

test('a killed master under load: the replica has every job that was answered for, and takes over', async () => {
  const load = await startSteadyLoad({ redisUrl, namespace, waitReplicas: 1 })
  await goesOn(load)
  await nodes[0]?.kill('SIGKILL')
  const killed = performance.now()
  await until(async () => /role:master/.test(await admin(3).info('replication')), 20_000)
  // It comes back as the replica of its replica.
  await nodes[0]?.start()
  await goesOn(load)
  expect(performance.now() - killed).toBeLessThan(30_000)
  expect(await load.end()).toEqual([])
})
