import { setTimeout as sleep } from 'node:timers/promises'
import { startTestClusterNode, startTestRedis, type TestRedis } from '@pentimento/test-redis'
import { Redis } from 'ioredis'
import { startSteadyLoad } from '../../packages/state/src/testing/steady-load.ts'

const portOf = ({ url }: TestRedis) => new URL(url).port

/** Jobs that were answered for and are gone after their master was killed and its replica promoted. */
async function losses(waitReplicas: number, lagMs: number): Promise<{ accepted: number; lost: number }> {
  const master = await startTestRedis('--repl-diskless-sync-delay', '0')
  const replica = await startTestRedis('--replicaof', `127.0.0.1 ${portOf(master)}`)
  const admin = new Redis(replica.url)
  while (!/master_link_status:up/.test(await admin.info('replication'))) await sleep(50)
  const load = await startSteadyLoad({ redisUrl: master.url, waitReplicas }, 8)
  await sleep(2000)
  // A replica that lags, as across a network.
  if (lagMs > 0) replica.freeze()
  await sleep(lagMs)
  await master.kill('SIGKILL')
  replica.thaw()
  const accepted = load.accepted.slice()
  await admin.replicaof('NO', 'ONE')
  const kept = await Promise.all(accepted.map((id) => admin.exists(`{pentimento}:job:${id}`)))
  admin.disconnect()
  await load.abandon()
  await Promise.all([master.close(), replica.close()])
  return { accepted: accepted.length, lost: kept.filter((one) => one === 0).length }
}

/** Redis' processor time for a job, from submit to end, in ms. */
async function cost(url: string, redis: Redis): Promise<{ ms: number; jobs: number }> {
  const used = async () => {
    const info = await redis.info('cpu')
    const of = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1])
    return 1000 * (of('used_cpu_user_main_thread') + of('used_cpu_sys_main_thread'))
  }
  const load = await startSteadyLoad({ redisUrl: url }, 8)
  await sleep(1000)
  const [since, before] = [await used(), load.accepted.length]
  await sleep(8000)
  const [spent, jobs] = [(await used()) - since, load.accepted.length - before]
  await load.abandon()
  return { ms: spent / jobs, jobs }
}

for (const [waitReplicas, lagMs] of [
  [0, 0],
  [0, 100],
  [0, 1000],
  [1, 0],
  [1, 1000],
] as const) {
  const { accepted, lost } = await losses(waitReplicas, lagMs)
  console.log(`REDIS_WAIT_REPLICAS=${waitReplicas}, a replica ${lagMs} ms behind: ${lost} of ${accepted} lost`)
}

const single = await startTestRedis()
const node = await startTestClusterNode()
const admins = [new Redis(single.url), new Redis(node.url)] as const
await admins[1].call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
await sleep(2000)
for (let round = 0; round < 2; round++) {
  const alone = await cost(single.url, admins[0])
  const slot = await cost(node.url.replace('redis:', 'redis+cluster:'), admins[1])
  console.log(
    `Redis for a job: ${alone.ms.toFixed(2)} ms alone, ${slot.ms.toFixed(2)} ms in a cluster (${alone.jobs} and ${slot.jobs} jobs)`,
  )
}
for (const admin of admins) admin.disconnect()
await Promise.all([single.close(), node.close()])
