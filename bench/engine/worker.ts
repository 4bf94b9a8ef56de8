import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isFinal, type JobRequest, newJobId } from '@pentimento/contracts'
import { freePort } from '@pentimento/free-port'
import { encode } from '@pentimento/images'
import { openState } from '@pentimento/state'
import { keys, openStore } from '@pentimento/storage'
import { startTestRedis } from '@pentimento/test-redis'
import { untilOk } from '../chaos/cluster.ts'

export interface Ended {
  modelCalls: number
  rows: number
  encodeMs: number
  denoiseMs: number
  decodeMs: number
  /** From its acceptance. */
  totalMs: number
}

export interface BenchWorker {
  /** Submits a job and waits until it has succeeded. */
  run(request: JobRequest): Promise<Ended>
  /** The worker's Prometheus figures without labels, by name. */
  figures(): Promise<Map<string, number>>
  stop(): Promise<void>
}

/** A worker with its engine, beside a Redis and a storage of its own. Its device is a clock where that is `fake`. */
export async function startWorker(options: {
  dir: string
  model: string
  device: string
  slots: number
}): Promise<BenchWorker> {
  const { dir, model, slots } = options
  const isFake = options.device === 'fake'
  const redis = await startTestRedis()
  const models = join(dir, 'models')
  await mkdir(models)
  await symlink(model, join(models, 'sd15.safetensors'))
  const port = await freePort()
  const storageUrl = pathToFileURL(join(dir, 'storage')).href
  const engine = new URL(isFake ? './fake-engine.ts' : '../../services/worker/src/engine/main.ts', import.meta.url)
  const main = fileURLToPath(new URL('../load/bench-worker.ts', import.meta.url))
  const worker = fork(main, [engine.href], {
    execArgv: ['--conditions=source'],
    env: {
      ...process.env,
      ROLES: 'generate',
      REDIS_URL: redis.url,
      STORAGE_URL: storageUrl,
      DATA_DIR: dir,
      MODELS_DIR: models,
      BUILTIN_MODEL: 'off',
      DEVICE: isFake ? 'cuda' : options.device,
      SLOTS: String(slots),
      WORKER_PORT: String(port),
      LOG_LEVEL: 'warn',
    },
  })
  await untilOk([`http://127.0.0.1:${port}/readyz`])
  const state = await openState({ redisUrl: redis.url, onError: (error) => console.error(error) })
  const store = await openStore(storageUrl)
  const grey = { width: 8, height: 8, data: new Uint8Array(192).fill(128) }
  const picture = await encode(grey, { format: 'png', quality: 90, metadata: null })

  return {
    async run(request) {
      const id = newJobId()
      await state.jobs.begin({ id, request })
      const [input] = request.inputs
      await store.put(keys.inputKey(request.tenant, id, input?.key ?? ''), picture, { contentType: 'image/png' })
      await state.jobs.enqueue(id)
      const job = await state.jobs.wait(request.tenant, id, { timeoutMs: 300_000 })
      if (!job || 'gone' in job || !isFinal(job.status) || !job.result?.metrics) {
        throw new Error(`a job did not succeed: ${JSON.stringify(job)}`)
      }
      const { model_calls, encode_ms, denoise_ms, decode_ms, total_ms } = job.result.metrics
      const rows = request.parameters.guidance_scale === 1 ? 1 : 2
      return {
        modelCalls: model_calls,
        rows,
        encodeMs: encode_ms,
        denoiseMs: denoise_ms,
        decodeMs: decode_ms,
        totalMs: total_ms,
      }
    },
    async figures() {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
      const plain = text.split('\n').flatMap((line) => {
        const [, name = '', value = ''] = /^([a-z_]+) ([\d.e+-]+)$/i.exec(line) ?? []
        return name === '' ? [] : ([[name, Number(value)]] as const)
      })
      return new Map(plain)
    },
    async stop() {
      const gone = once(worker, 'exit')
      worker.kill('SIGTERM')
      await gone
      await state.close()
      await redis.close()
    },
  }
}
