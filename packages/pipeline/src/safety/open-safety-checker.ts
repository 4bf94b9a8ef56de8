import {
  CheckpointError,
  type Concepts,
  modelBytes,
  readFloats,
  readSafetyChecker,
  sessionOptions,
  writeImageEncoder,
} from '@pentimento/checkpoints'
import { PipelineError } from '../errors.ts'
import { clipPixels } from '../images/clip-pixels.ts'
import type { Device } from '../ort/choose-device.ts'
import type { GraphOptions } from '../ort/graph.ts'
import type { Runtime } from '../ort/runtime.ts'
import type { RgbImage } from '../request.ts'
import { type Directions, isUnsafe } from './is-unsafe.ts'

/** Looks at painted pictures. */
interface SafetyChecker {
  /** Whether a picture shows what is not to be shown. */
  isUnsafe(image: RgbImage): Promise<boolean>
  /** What it judges by. */
  summary(image: RgbImage): Promise<Float32Array>
  concepts: Directions
  special: Directions
}

export type SafetyCheckers = (path: string) => Promise<SafetyChecker>

/**
 * Loads safety checkers, each once, for all models of an engine. They compute in float32 everywhere: the same picture
 * is judged alike.
 */
export function safetyCheckers({
  open,
  device,
  threads,
}: Pick<Runtime, 'open'> & { device: Device; threads?: number | undefined }): SafetyCheckers {
  const opened = new Map<string, Promise<SafetyChecker>>()

  async function load(path: string): Promise<SafetyChecker> {
    const { encoder, ...directions } = await readSafetyChecker(path)
    const { side } = encoder
    const { bytes, folder } = modelBytes(writeImageEncoder(encoder, 'summary', device))
    const options: GraphOptions = {
      executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
      keepMemory: false,
      ...(threads === undefined ? {} : { threads }),
      weights: sessionOptions(folder, device === 'cpu' ? 'lean' : 'fast'),
    }
    const session = await open(bytes, options)
    const [concepts, special] = [await numbersOf(directions.concepts), await numbersOf(directions.special)]
    async function summary(image: RgbImage): Promise<Float32Array> {
      const pixels = { data: clipPixels(image, side), dims: [1, 3, side, side] }
      const { image_embeds: embeds } = await session.run({ pixel_values: pixels }, ['image_embeds'])
      return embeds.data
    }
    return { summary, concepts, special, isUnsafe: async (image) => isUnsafe(await summary(image), concepts, special) }
  }

  return async (path) => {
    try {
      const loading = opened.get(path) ?? load(path)
      opened.set(path, loading)
      loading.catch(() => opened.delete(path))
      return await loading
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error
      throw new PipelineError('not_supported', `The safety checker cannot be used: ${error.message}`, { cause: error })
    }
  }
}

async function numbersOf({ embeddings, thresholds }: Concepts): Promise<Directions> {
  return { embeddings: await readFloats(embeddings), thresholds: await readFloats(thresholds) }
}
