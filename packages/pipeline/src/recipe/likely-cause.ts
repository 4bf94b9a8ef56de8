import { parseAttention } from '@pentimento/vocabulary'
import type { ModelDescription } from '../folder/description.ts'
import type { GenerateRequest } from '../request.ts'

/** What models are known to stand. */
const usual = { leastWeight: 0.5, mostWeight: 1.5, guidanceScale: 15 }

/**
 * Why a model may answer what is no picture, as a sentence: for what is unusual in the request, else for its own
 * weights, or what was told of them.
 */
export function likelyCause(
  request: Pick<GenerateRequest, 'semantics' | 'prompt' | 'negativePrompt' | 'guidanceScale'>,
  { prediction, told }: Pick<ModelDescription, 'prediction' | 'told'>,
): string {
  const remedies = [
    ...(hasUnusualWeights(request) ? ['weights nearer to 1 in the prompts'] : []),
    ...(request.guidanceScale > usual.guidanceScale ? ['a lower guidance_scale'] : []),
  ]
  if (remedies.length === 0) {
    const guess = told?.prediction ? `, or its prediction is not ${prediction} (${told.prediction})` : ''
    return `The model's weights may be broken${guess}.`
  }
  return `The request may ask too much of it: take ${remedies.join(' and ')}.`
}

function hasUnusualWeights({
  semantics,
  prompt,
  negativePrompt,
}: Pick<GenerateRequest, 'semantics' | 'prompt' | 'negativePrompt'>): boolean {
  if (semantics !== 'a1111') return false
  return [prompt, negativePrompt]
    .flatMap(parseAttention)
    .some(({ text, weight }) => text !== null && (weight < usual.leastWeight || weight > usual.mostWeight))
}
