import { access, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Beside } from './beside.ts'
import { type ModelFolder, readFolder } from './read-folder.ts'
import { readWeights } from './read-weights.ts'
import { unusable } from './unusable.ts'

/**
 * Reads a model whichever way it lies there: a single file, or a folder in diffusers' layout of ONNX graphs or of
 * safetensors. Where a folder has both, the graphs are taken, as they are what somebody made for this.
 *
 * @throws model_unusable with what is missing or cannot work
 */
export async function readModel(path: string, beside: Beside = {}): Promise<ModelFolder> {
  const isFile = await stat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  )
  if (isFile || (!(await exists(join(path, 'unet/model.onnx'))) && (await hasWeights(path))))
    return readWeights(path, beside)
  if (beside.loras?.length || beside.reference || beside.controls?.length)
    throw unusable(
      'It is a folder of ONNX graphs, which cannot be changed: only models of .safetensors take LoRAs and what stands beside.',
    )
  return readFolder(path)
}

/** Whether the UNet's weights are there under a name that is read here. */
async function hasWeights(path: string): Promise<boolean> {
  const name = 'unet/diffusion_pytorch_model'
  const files = [
    `${name}.safetensors`,
    `${name}.fp16.safetensors`,
    `${name}.safetensors.index.json`,
    `${name}.safetensors.index.fp16.json`,
  ]
  const found = await Promise.all(files.map((file) => exists(join(path, file))))
  return found.includes(true)
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
