import { parseAttention } from '@pentimento/vocabulary'
import type { Branch } from '../denoise/unet-row.ts'
import { PipelineError } from '../errors.ts'
import { sizeNumbers } from '../folder/size-conditioning.ts'
import { promptMarks } from '../folder/text-signature.ts'
import type { LoadedModel } from '../load-model.ts'
import type { GenerateRequest, Warning } from '../request.ts'
import { type Conditioning, encodePrompt, zeroConditioning } from '../text/encode-prompt.ts'
import { loadEmbeddings } from '../text/load-embeddings.ts'
import { unknownWords } from '../text/unknown-words.ts'

/** Both branches of guidance. */
export interface Conditions {
  cond: Branch
  /** Null when guidance is off: at scale 1, or in a model that takes the scale as an input. */
  uncond: Branch | null
  /** Names of the embeddings that stand in the prompts. */
  embeddings: string[]
}

/** Aesthetic scores that refiners are asked for: the defaults of both A1111 and diffusers. */
const aestheticScores = { positive: 6, negative: 2.5 }

/** Encodes prompt and negative prompt, and what the model is told of sizes. Adds to `warnings`. */
export async function encodeConditions(
  model: LoadedModel,
  request: GenerateRequest,
  warnings: Warning[],
): Promise<Conditions> {
  const { folder, textEncoders } = model
  const { semantics, clipSkip } = request
  const { layer } = folder.family.text
  const embeddings = await loadEmbeddings(request.embeddings ?? [], textEncoders)
  const positive = await encodePrompt(request.prompt, textEncoders, { semantics, clipSkip, layer, embeddings })
  checkLength(model, positive.conditioning)
  warnAboutPrompt(model, request, positive.truncated, warnings)
  const cond = { conditioning: positive.conditioning, timeIds: timeIds(model, request, aestheticScores.positive) }
  if (request.guidanceScale === 1 || folder.unet.guidanceEmbedding)
    return { cond, uncond: null, embeddings: positive.named }

  // diffusers reads the negative prompt from the last layer whatever clip_skip says.
  const negative = await encodePrompt(request.negativePrompt, textEncoders, {
    semantics,
    clipSkip: semantics === 'diffusers' ? 1 : clipSkip,
    layer,
    embeddings,
    tokens: positive.conditioning.tokens,
  })
  checkLength(model, negative.conditioning)
  const isZero = request.negativePrompt === '' && folder.zeroEmptyNegative[semantics]
  const conditioning = isZero ? zeroConditioning(negative.conditioning) : negative.conditioning
  return {
    cond,
    uncond: { conditioning, timeIds: timeIds(model, request, aestheticScores.negative) },
    embeddings: [...new Set([...positive.named, ...negative.named])],
  }
}

/** What the UNet takes of a prompt: some exports one chunk of tokens and no more. */
function checkLength({ folder }: LoadedModel, { tokens, width }: Conditioning): void {
  const { contextTokens, contextSize } = folder.unet
  if (width !== contextSize) {
    const message = `The text encoders give ${width} numbers a token, and the UNet takes ${contextSize}.`
    throw new PipelineError('model_unusable', message)
  }
  if (contextTokens === null || contextTokens === tokens) return
  if (tokens < contextTokens) {
    const message = `The text encoder gives ${tokens} tokens for a prompt, and the UNet takes ${contextTokens}.`
    throw new PipelineError('model_unusable', message)
  }
  throw new PipelineError(
    'not_supported',
    `This export of the model reads prompts of at most ${contextTokens - promptMarks} tokens. Shorten the prompt or leave BREAK out.`,
  )
}

function timeIds({ folder }: LoadedModel, request: GenerateRequest, score: number): number[] | null {
  return folder.sizes && sizeNumbers(folder.sizes, request, score)
}

function warnAboutPrompt(
  { description }: LoadedModel,
  { prompt, semantics }: GenerateRequest,
  truncated: number,
  warnings: Warning[],
): void {
  if (truncated > 0) {
    warnings.push({
      code: 'truncated_prompt',
      message: `The prompt is ${truncated} tokens too long for the semantics "diffusers"; its end was cut off.`,
    })
  }
  // What is no word of the prompt under `a1111`, such as BREAK and weights, is not looked for; pieces of two weights
  // are read apart.
  const pieces = semantics === 'a1111' ? parseAttention(prompt).map(({ text }) => text ?? '') : [prompt]
  const unknown = description.vocabulary ? unknownWords(pieces.join(' '), description.vocabulary) : []
  if (unknown.length > 0) {
    const first = unknown.slice(0, 10).join(', ')
    warnings.push({
      code: 'unknown_words',
      message: `This model knows few words and has never seen: ${first}${unknown.length > 10 ? ', …' : ''}.`,
    })
  }
}
