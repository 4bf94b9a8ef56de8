import { parseAttention, type ScheduledText } from '@pentimento/vocabulary'
import type { ScheduledBranch } from '../denoise/guided-denoiser.ts'
import type { Branch } from '../denoise/unet-row.ts'
import { PipelineError } from '../errors.ts'
import { sizeNumbers } from '../folder/size-conditioning.ts'
import { promptMarks } from '../folder/text-signature.ts'
import type { LoadedModel } from '../load-model.ts'
import { type ImageTokens, scaled } from '../reference/open-reference.ts'
import type { GenerateRequest, Warning } from '../request.ts'
import { type Conditioning, encodePrompt, type PromptOptions, zeroConditioning } from '../text/encode-prompt.ts'
import { loadEmbeddings } from '../text/load-embeddings.ts'
import { unknownWords } from '../text/unknown-words.ts'
import { scheduledPrompts } from './scheduled-prompts.ts'

/** Both halves of guidance, each as it changes over the steps. */
export interface Conditions {
  /** One, or several that `AND` joins. */
  conds: { weight: number; schedule: ScheduledBranch }[]
  /** Null when guidance is off: at scale 1, or in a model that takes the scale as an input. */
  uncond: ScheduledBranch | null
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
  const named = new Set<string>()
  let truncated = 0
  /** Each text is encoded once, however often it comes back. */
  function encoder(options: PromptOptions, score: number, isZero: boolean, reference: ImageTokens | null) {
    const known = new Map<string, Conditioning>()
    return async (schedule: readonly ScheduledText[]): Promise<ScheduledBranch> => {
      const own = new Map<string, Branch>()
      for (const { text } of schedule) {
        const found = known.has(text) ? null : await encodePrompt(text, textEncoders, { ...options, embeddings })
        if (found) {
          checkLength(model, found.conditioning)
          for (const name of found.named) named.add(name)
          truncated = Math.max(truncated, found.truncated)
          known.set(text, isZero ? zeroConditioning(found.conditioning) : found.conditioning)
        }
        const conditioning = known.get(text) as Conditioning
        if (!own.has(text)) own.set(text, { conditioning, timeIds: timeIds(model, request, score), reference })
      }
      return schedule.map(({ until, text }) => ({ until, branch: own.get(text) as Branch }))
    }
  }
  const seen = await referenceTokens(model, request)
  const { joined, negative } = scheduledPrompts(request)
  const encode = encoder({ semantics, clipSkip, layer }, aestheticScores.positive, false, seen?.cond ?? null)
  const conds: Conditions['conds'] = []
  for (const { weight, texts } of joined) conds.push({ weight, schedule: await encode(texts) })
  warnAboutPrompt(model, request, truncated, warnings)
  const isOne = conds.length === 1 && conds[0].weight === 1
  if (folder.unet.guidanceEmbedding && !isOne)
    throw new PipelineError('not_supported', 'prompt: this model takes one prompt, and none that AND joins.')
  if ((request.guidanceScale === 1 && isOne) || folder.unet.guidanceEmbedding)
    return { conds, uncond: null, embeddings: [...named] }

  // diffusers reads the negative prompt from the last layer whatever clip_skip says.
  const [{ branch: first }] = conds[0].schedule
  const options: PromptOptions = {
    semantics,
    clipSkip: semantics === 'diffusers' ? 1 : clipSkip,
    layer,
    tokens: first.conditioning.tokens,
  }
  const isZero = request.negativePrompt === '' && folder.zeroEmptyNegative[semantics]
  const uncond = await encoder(options, aestheticScores.negative, isZero, seen?.uncond ?? null)(negative)
  return { conds, uncond, embeddings: [...named] }
}

/** What both halves of guidance are told of the reference picture; null for a model that takes none. */
async function referenceTokens(
  { reference }: LoadedModel,
  { reference: asked }: GenerateRequest,
): Promise<Record<'cond' | 'uncond', ImageTokens> | null> {
  if (!reference) {
    if (asked) throw new PipelineError('not_supported', 'reference_image: the model was loaded without an IP-Adapter.')
    return null
  }
  if (!asked) return { cond: reference.nothing, uncond: reference.nothing }
  const { cond, uncond } = await reference.tokensOf(asked.image)
  return { cond: scaled(cond, asked.scale), uncond: scaled(uncond, asked.scale) }
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
  request: GenerateRequest,
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
  const texts = scheduledPrompts(request).joined.flatMap((one) => one.texts.map(({ text }) => text))
  const pieces =
    request.semantics === 'a1111' ? texts.flatMap((one) => parseAttention(one).map(({ text }) => text ?? '')) : texts
  const unknown = description.vocabulary ? unknownWords(pieces.join(' '), description.vocabulary) : []
  if (unknown.length > 0) {
    const first = unknown.slice(0, 10).join(', ')
    warnings.push({
      code: 'unknown_words',
      message: `This model knows few words and has never seen: ${first}${unknown.length > 10 ? ', …' : ''}.`,
    })
  }
}
