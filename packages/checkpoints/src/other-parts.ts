import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CheckpointError, quote } from './errors.ts'
import { isOpenClip, textNames } from './names/text-names.ts'
import { vaeNames } from './names/vae-names.ts'
import { readSafetensors, type SafetensorsFile } from './safetensors/read-safetensors.ts'
import type { Sidecar } from './sidecar.ts'
import { type CheckpointPart, type Parts, splitParts } from './split-parts.ts'

/**
 * Takes the parts that a sidecar names out of other files, which hold that part alone or a whole checkpoint.
 *
 * @param parts is changed
 * @param folder where the checkpoint lies; a VAE may lie in its folder `vae/` too
 * @returns the files
 * @throws CheckpointError if such a file is not there or has no such part
 */
export async function replaceParts(
  parts: Parts,
  { parts: named }: Sidecar,
  folder: string,
): Promise<SafetensorsFile[]> {
  const files: SafetensorsFile[] = []
  for (const part of ['text_encoder', 'text_encoder_2', 'vae'] as const) {
    const name = named[part]
    if (name === undefined) continue
    const inVae = join(folder, 'vae', name)
    const isThere =
      part === 'vae' &&
      (await stat(inVae).then(
        () => true,
        () => false,
      ))
    const file = await readSafetensors(isThere ? inVae : join(folder, name)).catch((error) => {
      throw error instanceof CheckpointError
        ? new CheckpointError(`${quote(name)}, which is named as its ${part}: ${error.message}`)
        : error
    })
    takePart(parts, part, file, name)
    files.push(file)
  }
  return files
}

function takePart(parts: Parts, part: Exclude<CheckpointPart, 'unet'>, file: SafetensorsFile, name: string): void {
  const whole = splitParts(file.tensors)
  const alone = part === 'vae' ? vaeNames(file.tensors).weights : textNames(file.tensors).weights
  const weights = whole.weights[part] ?? alone
  if (weights.size === 0) throw new CheckpointError(`${quote(name)}, which is named as its ${part}, has no such part.`)
  parts.weights[part] = weights
  const isOpen = whole.weights[part] ? whole.openClip.includes(part) : isOpenClip(file.tensors)
  parts.openClip = parts.openClip.filter((other) => other !== part)
  if (isOpen) parts.openClip.push(part)
}
