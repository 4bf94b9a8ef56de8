import * as ort from 'onnxruntime-node'
import type { ChangedWeight } from './graph.ts'

type Weights = Record<string, ort.Tensor>

/**
 * Computes weights that a graph takes as inputs. onnxruntime would do so itself while it loads a graph, but keep the
 * values between until it has computed all of them. Memory that has not been used yet costs more time than the numbers:
 * here the weights alone take such memory, and what is between lies where it lay for the weight before.
 *
 * @throws whatever onnxruntime says, unchanged
 */
export async function computeWeights(changed: readonly ChangedWeight[]): Promise<Weights> {
  const computed: Weights = {}
  for (const { model, weights } of changed) {
    const session = await ort.InferenceSession.create(model, {
      ...weights,
      executionProviders: ['cpu'],
      // One weight is too little for several threads: they would wait for each other longer than they compute.
      intraOpNumThreads: 1,
      // Else it would compute all of it while it loads.
      graphOptimizationLevel: 'disabled',
      enableMemPattern: false,
      enableCpuMemArena: false,
      logSeverityLevel: 3,
    })
    try {
      Object.assign(computed, await session.run({}))
    } finally {
      await session.release()
    }
  }
  return computed
}

/** Gives their memory back at once: a collection that finds them may be minutes away. */
export function freeWeights(weights: Weights): void {
  for (const { data } of Object.values(weights)) (data as Float32Array<ArrayBuffer>).buffer.transfer(0)
}
