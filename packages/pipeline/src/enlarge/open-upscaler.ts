import { stat } from 'node:fs/promises'
import { CheckpointError, modelBytes, readUpscaler, sessionOptions, writeUpscaler } from '@pentimento/checkpoints'
import { PipelineError } from '../errors.ts'
import type { Device } from '../ort/choose-device.ts'
import type { GraphOptions, Session } from '../ort/graph.ts'
import type { Runtime } from '../ort/runtime.ts'

/** A network that enlarges pictures, in memory. */
export interface OpenUpscaler {
  session: Pick<Session, 'run'>
  scale: number
  /** What the sides of its pictures must be a multiple of. */
  multiple: number
}

/** Upscalers that a model's jobs asked for; they stay until the model goes, and are small beside it. */
export interface Upscalers {
  /** @throws PipelineError `not_supported` naming the one that cannot be used, with the reason */
  open(upscaler: { name: string; path: string }): Promise<OpenUpscaler>
  release(): Promise<void>
}

export function createUpscalers(open: Runtime['open'], device: Device, options: GraphOptions): Upscalers {
  const opened = new Map<string, Promise<OpenUpscaler & { session: Session }>>()

  async function load(path: string) {
    const upscaler = await readUpscaler(path)
    const { bytes, folder } = modelBytes(writeUpscaler(upscaler, device === 'cuda' ? 'float16' : 'float32'))
    const session = await open(bytes, { ...options, weights: sessionOptions(folder, 'fast') })
    return { session, scale: upscaler.scale, multiple: upscaler.multiple }
  }
  return {
    async open({ name, path }) {
      try {
        const { size, mtimeMs } = await stat(path)
        const key = `${path} ${size} ${mtimeMs}`
        const loading = opened.get(key) ?? load(path)
        opened.set(key, loading)
        loading.catch(() => opened.delete(key))
        return await loading
      } catch (error) {
        const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT'
        if (!isGone && !(error instanceof CheckpointError)) throw error
        const reason = isGone ? 'Its file is gone.' : (error as Error).message
        throw new PipelineError('not_supported', `The upscaler ${name}: ${reason}`, { cause: error })
      }
    },
    async release() {
      for (const loading of opened.values()) await loading.then(({ session }) => session.release()).catch(() => {})
      opened.clear()
    },
  }
}
