import { latentSize } from './folder/latent-space.ts'
import { generate } from './generate.ts'
import type { LoadedModel, Model } from './load-model.ts'
import { smallestRequest } from './plain-settings.ts'

/** Pictures at once whose rows make calls of 2 to 16 rows, each size that there is. */
const batches = [1, 2, 3, 4, 6, 8]
/** A shape is searched for at the first step, and measured at those after it, often enough to judge it. */
const steps = 5

/** Bytes of the device's memory that nobody has; null where nothing tells. */
type FreeMemory = () => Promise<number | null>

/**
 * Runs a model through pictures of these sizes, alone and several at once, so that a GPU has seen all shapes of its
 * calls before a job asks for them, and it is known how long calls of each size take. Where the memory tells that a
 * size would not fit, none so large is made, then or later.
 *
 * @throws as `generate`
 */
export async function warmShapes(
  model: Model,
  shapes: readonly { width: number; height: number }[],
  freeMemory: FreeMemory,
): Promise<void> {
  const { unet, folder } = model as LoadedModel
  for (const size of shapes) {
    const plain = { ...smallestRequest(64), ...size, steps, strength: 1 }
    await generate(model, { ...plain, guidanceScale: 1 })
    const rows = await growBatches((numImages) => generate(model, { ...plain, numImages }), freeMemory)
    const { width, height } = latentSize(folder.latents, size)
    if (rows !== null) await unet.rows.limit({ latents: width * height, rows })
  }
}

/**
 * Paints more and more pictures at once, until the free memory is less than all rows of the next batch would take, by
 * what each has taken so far: what the device keeps of smaller calls does not help a larger one.
 *
 * @returns the rows of the largest batch then, or null where all were painted
 */
export async function growBatches(
  paint: (numImages: number) => Promise<unknown>,
  freeMemory: FreeMemory,
): Promise<number | null> {
  const atFirst = await freeMemory()
  let largest = 0
  for (const numImages of batches) {
    const [rows, free] = [2 * numImages, await freeMemory()]
    if (largest > 0 && free !== null && atFirst !== null) {
      // One row was in the device before.
      const perRow = (atFirst - free) / (largest - 1)
      if (perRow * rows > free) return largest
    }
    await paint(numImages)
    largest = rows
  }
  return null
}
