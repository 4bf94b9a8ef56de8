import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { imageLimits, type JobRequest, newJobId } from '@pentimento/contracts'
import { decodeRgb } from '@pentimento/images'
import type { State } from '@pentimento/state'
import { keys, type ObjectStore } from '@pentimento/storage'
import { quantile } from './quantile.ts'

export interface PickupTimes {
  /**
   * Milliseconds at p50: queue add → handler called; then fetch of the input, its decoding, message to the engine and
   * back.
   */
  called: number
  calledP99: number
  fetch: number
  decode: number
  engine: number
}

/**
 * How long a job takes from the queue to the engine's door, one at a time on an idle queue: a real consumer on the real
 * queue fetches and decodes the input and sends the pixels to a child process, as the worker does.
 */
export async function measurePickup(
  state: State,
  store: ObjectStore,
  model: string,
  makeRequest: () => JobRequest,
  picture: Uint8Array,
  jobs: number,
): Promise<PickupTimes> {
  const engine = fork(fileURLToPath(new URL('api-echo-engine.ts', import.meta.url)), { serialization: 'advanced' })
  await once(engine, 'message')
  let addedAt = 0
  const times = { called: [] as number[], fetch: [] as number[], decode: [] as number[], engine: [] as number[] }
  let handled: (() => void) | undefined
  const consumer = await state.queue.consume({
    model,
    workerName: 'bench',
    handler: async (item) => {
      times.called.push(performance.now() - addedAt)
      const started = await state.jobs.start(item.id, 'bench')
      if (started.outcome !== 'started') throw new Error(`job ${item.id} did not start: ${started.outcome}`)
      const { job, attempt } = started
      const marks = [performance.now()]
      const [input] = job.request.inputs
      const bytes = input && (await store.read(keys.inputKey(item.tenant, item.id, input.key)))
      marks.push(performance.now())
      const { image } = await decodeRgb(bytes ?? new Uint8Array(), { ...imageLimits, maxSeconds: 60 })
      marks.push(performance.now())
      await echo(engine, image)
      marks.push(performance.now())
      for (const [i, name] of (['fetch', 'decode', 'engine'] as const).entries()) {
        times[name].push((marks[i + 1] ?? 0) - (marks[i] ?? 0))
      }
      const nothing = { images: [], error: null, warnings: [], metrics: null }
      await state.jobs.finish(item.id, { status: 'canceled', attempt, ...nothing })
      handled?.()
      return 'done'
    },
  })
  for (let i = 0; i < jobs; i++) {
    const done = new Promise<void>((resolve) => {
      handled = resolve
    })
    const id = newJobId()
    await state.jobs.begin({ id, request: makeRequest() })
    await store.put(keys.inputKey('default', id, 'image.png'), picture, { contentType: 'image/png' })
    addedAt = performance.now()
    await state.jobs.enqueue(id)
    await done
  }
  await consumer.shutdown()
  engine.disconnect()
  const p50 = (list: number[]) => quantile(list, 0.5)
  return {
    called: p50(times.called),
    calledP99: quantile(times.called, 0.99),
    fetch: p50(times.fetch),
    decode: p50(times.decode),
    engine: p50(times.engine),
  }
}

async function echo(engine: ChildProcess, image: unknown): Promise<void> {
  const answered = once(engine, 'message')
  engine.send(image as object)
  await answered
}
