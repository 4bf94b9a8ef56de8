import { startTestRedis, startTestSentinel, type TestRedis } from '@pentimento/test-redis'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openState } from '../index.ts'
import { until } from '../testing/state.ts'
import { goesOn, startSteadyLoad } from '../testing/steady-load.ts'

let servers: TestRedis[]
let sentinels: TestRedis[]
const sentinelLogin = { password: 'hunter2' }
const portOf = ({ url }: TestRedis) => Number(new URL(url).port)
const urlOf = (nodes: TestRedis[], name = 'mymaster') =>
  `redis+sentinel://${nodes.map((node) => new URL(node.url).host).join(',')}/${name}`

beforeAll(async () => {
  const master = await startTestRedis('--repl-diskless-sync-delay', '0')
  const replica = await startTestRedis('--repl-diskless-sync-delay', '0', '--replicaof', `127.0.0.1 ${portOf(master)}`)
  servers = [master, replica]
  const settings = [
    'sentinel down-after-milliseconds mymaster 1000',
    'sentinel failover-timeout mymaster 3000',
    `requirepass ${sentinelLogin.password}`,
  ]
  sentinels = await Promise.all([1, 2, 3].map(() => startTestSentinel(portOf(master), 2, settings)))
  // Each must know the others and the replica before it can take part.
  for (const sentinel of sentinels) {
    const redis = new Redis(sentinel.url, sentinelLogin)
    await until(async () => {
      const fields = (await redis.call('SENTINEL', 'MASTER', 'mymaster')) as string[]
      const of = (name: string) => Number(fields[fields.indexOf(name) + 1])
      return of('num-other-sentinels') === 2 && of('num-slaves') === 1
    }, 20_000)
    redis.disconnect()
  }
})

afterAll(async () => {
  await Promise.all([...servers, ...sentinels].map((one) => one.close()))
})

test('a name that no Sentinel knows, and Sentinels that are not there, are told as such', async () => {
  const open = (redisUrl: string) => openState({ redisUrl, sentinelLogin, onError: () => {} })
  await expect(open(urlOf(sentinels, 'other'))).rejects.toThrow('the Sentinel knows no master "other"')
  await expect(open('redis+sentinel://127.0.0.1:1/mymaster')).rejects.toThrow('127.0.0.1:1: connect ECONNREFUSED')
  const withoutLogin = openState({ redisUrl: urlOf(sentinels), onError: () => {} })
  await expect(withoutLogin).rejects.toThrow('NOAUTH')
})

test('a killed master under load, with a Sentinel cut off: no accepted job is lost, and it goes on', async () => {
  const [master] = servers
  const [cutOff] = sentinels
  const load = await startSteadyLoad({
    redisUrl: urlOf(sentinels),
    sentinelLogin,
    namespace: 'sentinel',
    waitReplicas: 1,
  })
  await goesOn(load)
  cutOff?.freeze()
  await goesOn(load)
  await master?.kill('SIGKILL')
  const killed = performance.now()
  // The new master has no replica until the old one comes back as one: until then nothing is answered for.
  await until(async () => {
    const redis = new Redis(sentinels[1]?.url ?? '', sentinelLogin)
    const [, port] = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster')) as string[]
    redis.disconnect()
    return Number(port) !== portOf(master as TestRedis)
  }, 15_000)
  const acceptedBefore = load.accepted.length
  expect(load.refused()).toBeGreaterThan(0)
  await master?.start()
  await goesOn(load)
  expect(load.accepted.length).toBeGreaterThan(acceptedBefore)
  expect(performance.now() - killed).toBeLessThan(30_000)
  cutOff?.thaw()
  expect(await load.end()).toEqual([])
})
