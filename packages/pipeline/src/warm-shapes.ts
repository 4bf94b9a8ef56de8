import { generate } from './generate.ts'
import type { Model } from './load-model.ts'
import { smallestRequest } from './plain-settings.ts'

/** Pictures at once whose rows make calls of 2 to 16 rows, each size that there is. */
const batches = [1, 2, 3, 4, 6, 8]
/** A shape is searched for at the first step, and measured at those after it. */
const steps = 3

/**
 * Runs a model through pictures of these sizes, alone and several at once, so that a GPU has seen all shapes of its
 * calls before a job asks for them, and it is known how long calls of each size take.
 *
 * @throws as `generate`
 */
export async function warmShapes(model: Model, shapes: readonly { width: number; height: number }[]): Promise<void> {
  for (const { width, height } of shapes) {
    const plain = { ...smallestRequest(64), width, height, steps, strength: 1 }
    await generate(model, { ...plain, guidanceScale: 1 })
    for (const numImages of batches) await generate(model, { ...plain, numImages })
  }
}
