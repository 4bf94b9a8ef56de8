import type { UnetSignature } from '../folder/signature.ts'
import type { Session } from '../ort/graph.ts'
import type { Floats } from '../ort/values.ts'
import { guidanceEmbedding } from './guidance.ts'

/**
 * Tells what an SD 2.x UNet predicts, by A1111's test: of even latents, almost all noise, a model of noise gives about
 * those back, one of v about their negative.
 */
export async function testPrediction(unet: Session, signature: UnetSignature): Promise<'epsilon' | 'v'> {
  const { channels, contextSize, output, guidanceEmbedding: guidance, reference } = signature
  const feeds: Record<string, Floats> = {
    [signature.sample]: { data: new Float32Array(channels * 64).fill(0.5), dims: [1, channels, 8, 8] },
    [signature.timestep]: { data: Float32Array.of(999), dims: signature.timestepRank === 0 ? [] : [1] },
    [signature.context]: { data: new Float32Array(2 * contextSize).fill(0.5), dims: [1, 2, contextSize] },
  }
  for (const { picture, scale, type } of signature.controls) {
    feeds[picture] = { data: new Float32Array(3 * 64 * 64), dims: [1, 3, 64, 64] }
    feeds[scale] = { data: new Float32Array(1), dims: [1] }
    if (type) feeds[type.name] = { data: new Float32Array(type.count), dims: [1, type.count] }
  }
  if (guidance) feeds[guidance.name] = { data: guidanceEmbedding(1, guidance.size), dims: [1, guidance.size] }
  if (reference) {
    const nothing = { data: new Float32Array(reference.width), dims: [1, 1, reference.width] }
    Object.assign(feeds, { [reference.keys]: nothing, [reference.values]: nothing })
  }
  const answer = await unet.run(feeds, [output])
  const { data } = answer[output]
  const mean = data.reduce((sum, value) => sum + value - 0.5, 0) / data.length
  return mean < -1 ? 'v' : 'epsilon'
}
