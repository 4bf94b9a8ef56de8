import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startTestRedis } from '@pentimento/test-redis'
import { environment } from '../chaos/cluster.ts'
import { startLoad, type Work } from '../chaos/load.ts'
import { startReceiver } from '../chaos/receiver.ts'
import { judge, settle } from '../chaos/settle.ts'
import { type Program, startProgram } from './program.ts'

export interface RollingOptions {
  /** Trees of the repository with their packages. */
  oldTree: string
  newTree: string
  /** How long each pair of versions works together. */
  seconds: number
  clients: number
  signal: AbortSignal
  onNote(line: string): void
}

/** What became of it: all is well when every answer was 200 or 202 and the lists are empty. */
export type RollingResult = ReturnType<typeof judge> & { answers: Map<string, number> }

const work: Work = {
  size: 64,
  steps: () => 10 + Math.floor(30 * Math.random()),
  mostOpen: 6,
  pauseMs: () => 200 + 200 * Math.random(),
}

/**
 * An update under load, worker first and then api, and afterwards the way back of the worker: so each version of the
 * api works beside each of the worker. Requests go to the apis that are in rotation, as a balancer sends them.
 */
export async function roll(options: RollingOptions): Promise<RollingResult> {
  const { oldTree, newTree, seconds, onNote, signal } = options
  const dir = await mkdtemp(join(tmpdir(), 'pentimento-rolling-'))
  const [redis, receiver] = await Promise.all([startTestRedis(), startReceiver(50)])
  const env = environment({ dir, lockSeconds: 10, stalledSeconds: 5 }, Number(new URL(redis.url).port))
  const running = new Set<Program>()
  async function start(tree: string, service: 'api' | 'worker'): Promise<Program> {
    signal.throwIfAborted()
    const program = await startProgram(tree, service, env, onNote)
    running.add(program)
    return program
  }
  const phase = async (what: string) => {
    onNote(what)
    await sleep(1000 * seconds, undefined, { signal })
  }
  try {
    const oldApi = await start(oldTree, 'api')
    const oldWorker = await start(oldTree, 'worker')
    const secret = await fetch(`${oldApi.url}/v1/webhook-secret/rotate`, { method: 'POST' })
    if (!secret.ok) throw new Error(`no webhook secret: ${secret.status} ${await secret.text()}`)
    const sketch = fileURLToPath(new URL('../../assets/samples/strawberry-sketch.png', import.meta.url))
    const picture = new Blob([await readFile(sketch)])
    const urls = [oldApi.url]
    const load = startLoad({ urls, clients: options.clients, webhookUrls: receiver.urls, picture, work })
    await phase('the old api and worker')

    const newWorker = await start(newTree, 'worker')
    await oldWorker.stop()
    await phase('the old api beside the new worker')

    const newApi = await start(newTree, 'api')
    urls.splice(0, urls.length, newApi.url)
    // A balancer has noticed by now.
    await sleep(2000)
    await oldApi.stop()
    await phase('the new api and worker')

    const oldAgain = await start(oldTree, 'worker')
    await newWorker.stop()
    await phase('the new api beside the old worker')

    await start(newTree, 'worker')
    await oldAgain.stop()
    await load.stop()
    const ids = [...new Set([...load.accepted.values()].flatMap((set) => [...set]))]
    onNote(`${ids.length} accepted; waiting for their ends and webhooks`)
    const jobs = await settle({ urls }, receiver, ids, { onNote, signal })
    signal.throwIfAborted()
    return { ...judge(jobs, receiver, load.accepted), answers: load.answers }
  } finally {
    await Promise.all([...running].map((program) => program.stop()))
    await Promise.all([redis.close(), receiver.close()])
    await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
