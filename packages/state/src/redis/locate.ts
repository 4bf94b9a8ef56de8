import { Redis, type RedisOptions } from 'ioredis'
import { errorText } from './error-text.ts'
import type { Address, RedisTarget } from './target.ts'

/** How long a Sentinel or a node of a cluster may take to say where the master is. */
const answerMs = 1000

/** What of a client's options says whither it connects, and as whom. */
export interface Opening {
  Connector: NonNullable<RedisOptions['Connector']>
  username?: string
  password?: string
  tls?: object
}

/** What the connections to a Sentinel, or to a node that is only asked, are opened with. */
export type OptionsFor = (address: Address) => Opening

/**
 * Who is to be written to now. All Sentinels, or nodes, are asked at once; what more than half of them say holds, and
 * failing that what most of those say that answer: one that was cut off from the others still names an old master.
 *
 * @param hashTag of all keys, which tells their slot
 */
export function locate(target: RedisTarget, hashTag: string, optionsFor: OptionsFor): Promise<Address> {
  const [only] = target.nodes
  if (target.kind === 'server' && only !== undefined) return Promise.resolve(only)
  const question =
    target.kind === 'sentinel'
      ? (redis: Redis) => askSentinel(redis, target.master)
      : (redis: Redis, node: Address) => askCluster(redis, node, hashTag)
  return mostNamed(target.nodes.map((node) => ask(node, optionsFor(node), (redis) => question(redis, node))))
}

async function askSentinel(redis: Redis, name: string): Promise<Address> {
  const named = (await redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name)) as [string, string] | null
  if (named === null) throw new Error(`the Sentinel knows no master "${name}"`)
  return { host: named[0], port: Number(named[1]) }
}

type Slots = [first: number, last: number, master: [host: string | null, port: number]][]

async function askCluster(redis: Redis, node: Address, hashTag: string): Promise<Address> {
  const slot = (await redis.call('CLUSTER', 'KEYSLOT', hashTag)) as number
  const slots = (await redis.call('CLUSTER', 'SLOTS')) as Slots
  const range = slots.find(([first, last]) => first <= slot && slot <= last)
  if (range === undefined) throw new Error(`no node of the cluster serves slot ${slot}`)
  const [host, port] = range[2]
  // A node that does not know its own name, or is not to tell it, is where it was asked.
  return { host: host === null || host === '' || host === '?' ? node.host : host, port }
}

async function ask(node: Address, options: Opening, question: (redis: Redis) => Promise<Address>) {
  const redis = new Redis({
    ...options,
    lazyConnect: true,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let reason: Error | undefined
  redis.on('error', (error) => {
    reason = error
  })
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${answerMs} ms`)), answerMs)
  try {
    return await Promise.race([redis.connect().then(() => question(redis)), late.promise])
  } catch (error) {
    throw new Error(`${node.host}:${node.port}: ${errorText(reason ?? error)}`)
  } finally {
    clearTimeout(timer)
    redis.disconnect()
  }
}

/** Answered as soon as more than half say the same; else what most say once all have answered or failed. */
export function mostNamed(asked: Promise<Address>[]): Promise<Address> {
  return new Promise((resolve, reject) => {
    const votes = new Map<string, { address: Address; count: number }>()
    const failures: string[] = []
    let open = asked.length
    for (const one of asked) {
      one
        .then(
          (address) => {
            const name = `${address.host} ${address.port}`
            const count = (votes.get(name)?.count ?? 0) + 1
            votes.set(name, { address, count })
            if (count * 2 > asked.length) resolve(address)
          },
          (error: Error) => void failures.push(error.message),
        )
        .finally(() => {
          open -= 1
          if (open > 0) return
          const [best] = [...votes.values()].toSorted((a, b) => b.count - a.count)
          if (best) resolve(best.address)
          else reject(new Error(failures.join('; ')))
        })
    }
  })
}
