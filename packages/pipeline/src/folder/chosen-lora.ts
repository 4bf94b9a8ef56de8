import { type Checkpoint, CheckpointError, changesOf, fitLora, loraTarget, readLora } from '@pentimento/checkpoints'
import type { Warning } from '../request.ts'
import type { ModelFolder } from './read-folder.ts'
import { unusable } from './unusable.ts'

/** A LoRA to be folded into a model's weights while they are loaded. */
export interface ChosenLora {
  /** How errors and warnings call it. */
  name: string
  path: string
  /** How strongly it counts in the UNet and in the text encoders; may be negative. */
  weight: number
  textWeight: number
}

interface FoldedLoras {
  changes: ReturnType<typeof changesOf>
  files: ModelFolder['files']
  warnings: Warning[]
}

/** Reads LoRAs and holds them to a model. @throws model_unusable naming the one that does not go with it */
export async function foldLoras(checkpoint: Checkpoint, loras: readonly ChosenLora[]): Promise<FoldedLoras> {
  const fits: Parameters<typeof changesOf>[0][number][] = []
  const files: FoldedLoras['files'] = []
  const warnings: Warning[] = []
  if (loras.length === 0) return { changes: {}, files, warnings }
  const target = loraTarget(checkpoint)
  for (const { name, path, weight, textWeight } of loras) {
    try {
      const lora = await readLora(path)
      const fit = fitLora(lora, target)
      fits.push({ fit, strengths: { unet: weight, text: textWeight } })
      files.push(lora.file)
      const [first] = fit.unmatched
      if (first !== undefined) {
        const message = `${fit.unmatched.length} of the ${fit.layers} layers of the LoRA ${name} are none of this model's and were left out, as ${first}.`
        warnings.push({ code: 'lora_partly', message })
      }
    } catch (error) {
      throw error instanceof CheckpointError ? unusable(`The LoRA ${name}: ${error.message}`) : error
    }
  }
  return { changes: changesOf(fits), files, warnings }
}
