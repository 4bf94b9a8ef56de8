import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { newJobId } from '@pentimento/contracts'
import { EnqueueUnknown, openState, type State, StateUnavailable } from '../index.ts'
import { succeeded, testRequest, until } from './state.ts'

type Options = Parameters<typeof openState>[0]

/** Clients that submit all the time and repeat what was refused with the same key, and a worker that runs it all. */
export interface SteadyLoad {
  /** Jobs that were answered for. */
  accepted: string[]
  /** What went to the log. */
  told: string[]
  /** Calls that were refused as unavailable; anything else ends the load with its error. */
  refused(): number
  /** The longest time between two acceptances, in ms. */
  longestGapMs(): number
  /** Stops submitting, waits until every accepted job has ended, and answers those that are not there any more. */
  end(): Promise<string[]>
  /** Ends everything at once, whatever becomes of the jobs. */
  abandon(): Promise<void>
}

export async function startSteadyLoad(options: Omit<Options, 'onError'>, clients = 4): Promise<SteadyLoad> {
  const told: string[] = []
  const open = () =>
    openState({ ...options, lockMs: 2000, stalledMs: 1000, onError: ({ message }) => told.push(message) })
  const [api, worker] = await Promise.all([open(), open()])
  const consumer = await worker.queue.consume({
    model: 'still-life',
    workerName: 'w',
    hold: 4,
    handler: async ({ id }) => {
      const started = await worker.jobs.start(id, 'w')
      if (started.outcome === 'started') await worker.jobs.finish(id, succeeded(started.attempt))
      return 'done'
    },
  })
  // What a worker process does, too.
  const sweeps = setInterval(() => void worker.jobs.sweep.lost().catch(() => {}), 1000)
  const accepted: string[] = []
  let [refused, last, gap] = [0, performance.now(), 0]
  let [stopping, abandoned] = [false, false]

  async function client(): Promise<void> {
    while (!stopping) {
      const key = randomUUID()
      for (let id: string | null = null; id === null && !abandoned; ) {
        id = await attempt(api, key).catch((error) => {
          if (!(error instanceof StateUnavailable || error instanceof EnqueueUnknown)) throw error
          refused += 1
          told.push(String(error))
          return null
        })
        if (id === null) await sleep(100)
        else accepted.push(id)
      }
      const now = performance.now()
      gap = Math.max(gap, now - last)
      last = now
      await sleep(20)
    }
  }

  async function close(): Promise<void> {
    clearInterval(sweeps)
    await consumer.shutdown()
    await Promise.all([api.close(), worker.close()])
  }

  const running = Promise.all(Array.from({ length: clients }, client))
  running.catch(() => {})

  return {
    accepted,
    told,
    refused: () => refused,
    longestGapMs: () => Math.max(gap, stopping ? 0 : performance.now() - last),
    async end() {
      stopping = true
      await running
      const lost: string[] = []
      try {
        for (const id of accepted) {
          const found = await api.jobs.wait('default', id, { timeoutMs: 15_000 })
          if (found === null) lost.push(id)
          else if ('gone' in found || found.status !== 'succeeded')
            throw new Error(`${id} is ${JSON.stringify(found)}; told: ${told.join('; ')}`)
        }
      } finally {
        await close()
      }
      return lost
    },
    abandon() {
      stopping = true
      abandoned = true
      return close()
    },
  }
}

/** One submit as an api does it; null while another attempt of the same key is under way. */
async function attempt(api: State, key: string): Promise<string | null> {
  const idempotency = { key, fingerprint: 'f' }
  const known = await api.jobs.find('default', idempotency)
  if (known?.outcome === 'replayed') return known.job.id
  const begun = await api.jobs.begin({ id: newJobId(), request: testRequest(), idempotency })
  if (begun.outcome === 'replayed') return begun.job.id
  if (begun.outcome === 'created' || begun.outcome === 'resumed') {
    const { id } = begun
    const accepted = await api.jobs.enqueue(id).catch(async (error) => {
      if (error instanceof StateUnavailable) await api.jobs.abandon(id).catch(() => {})
      throw error
    })
    return accepted.id
  }
  if (begun.outcome === 'busy') return null
  throw new Error(`a submit was answered with ${begun.outcome}`)
}

/** Waits until `load` goes on: `more` further jobs are accepted. */
export async function goesOn({ accepted, told }: SteadyLoad, more = 20, timeoutMs = 45_000): Promise<void> {
  const before = accepted.length
  await until(() => accepted.length >= before + more, timeoutMs).catch(() => {
    throw new Error(`the load does not go on; told: ${told.slice(-10).join('; ')}`)
  })
}
