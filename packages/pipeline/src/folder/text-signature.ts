import type { TensorInfo } from '../onnx/tensor-info.ts'
import { type JsonObject, numberAt } from './read-json.ts'
import type { Signature, UnetSignature } from './signature.ts'
import type { TextLayout } from './text-layout.ts'
import { fixedShape, unusable } from './unusable.ts'

/** What a text encoder reads and gives. */
export interface TextSignature {
  /** The input of token ids. */
  ids: string
  /** Inputs of exports that ask for more: which tokens count (all, as in CLIP itself), and their places. */
  mask: string | null
  positions: string | null
  /** Inputs that put vectors in the place of tokens' own, and say where: of graphs that are written here. */
  overrides: { embeds: string; mask: string } | null
  /** Tokens read at once, begin and end mark included. */
  length: number
  /** Whether the graph takes no other number. */
  isFixed: boolean
  /** Rows that the encoder gives for them, as far as the graph says: another number than `length` in some exports. */
  rows: number | null
}

/** In the order in which their outputs stand side by side. */
export const textParts = ['text_encoder', 'text_encoder_2'] as const
type TextPart = (typeof textParts)[number]

/** The begin and the end mark around a prompt. */
export const promptMarks = 2

/**
 * @param name how errors call the encoder
 * @param tokenizer content of tokenizer_config.json, which says how long prompts are padded
 * @param config content of the encoder's config.json
 * @param layout of the family
 * @throws model_unusable for inputs that nobody could fill in
 */
export function textSignature(
  name: string,
  { inputs, outputs }: Signature,
  tokenizer: JsonObject | null,
  config: JsonObject | null,
  layout: TextLayout,
): TextSignature {
  const named = (input: string) => inputs.find((candidate) => candidate.name === input)
  const [mask, positions] = [named('attention_mask'), named('position_ids')]
  const [embeds, places] = [named('override_embeds'), named('override_mask')]
  const others = [mask, positions, embeds, places]
  const ids = named('input_ids') ?? inputs.find((input) => !others.includes(input))
  const unknown = inputs.filter((input) => input !== ids && !others.includes(input))
  if (!ids || unknown.length > 0) {
    throw unusable(`The ${name} needs ${unknown.map((input) => input.name).join(', ') || 'token ids'} as well.`)
  }
  const [batch, tokens] = ids.shape
  if (typeof batch === 'number' && batch !== 1) throw fixedShape(name, ids)
  const isFixed = typeof tokens === 'number'
  const limit = numberAt(config, 'max_position_embeddings') ?? Number.POSITIVE_INFINITY
  // A tokenizer that names no length says so with 10³⁰.
  const padded = Math.min(numberAt(tokenizer, 'model_max_length') ?? Number.POSITIVE_INFINITY, limit)
  const length = isFixed ? tokens : padded < 1e9 ? padded : layout.tokens
  if (!Number.isInteger(length) || length <= promptMarks) {
    throw unusable(`The ${name} reads ${length} tokens at once; ${promptMarks + 1} are the least.`)
  }
  const rows = outputs.find(({ name: output }) => output === lastHiddenState({ outputs }))?.shape[1]
  return {
    ids: ids.name,
    mask: mask?.name ?? null,
    positions: positions?.name ?? null,
    overrides: embeds && places ? { embeds: embeds.name, mask: places.name } : null,
    length,
    isFixed,
    rows: typeof rows === 'number' ? rows : rows !== undefined && rows === tokens ? length : null,
  }
}

/** The text encoders that a model has, as `checkText` takes them. */
export function encodersOf(
  parts: Partial<Record<TextPart, { graph: Pick<Signature, 'outputs'> }>>,
  texts: Partial<Record<TextPart, TextSignature>>,
): (Pick<Signature, 'outputs'> & { text: TextSignature })[] {
  return textParts.flatMap((name) => {
    const [part, text] = [parts[name], texts[name]]
    return part && text ? [{ outputs: part.graph.outputs, text }] : []
  })
}

/** @throws model_unusable if the text encoders, side by side, are known not to give what the UNet takes */
export function checkText(
  unet: UnetSignature,
  { isPooled, layer }: TextLayout,
  encoders: readonly (Pick<Signature, 'outputs'> & { text: TextSignature })[],
): void {
  checkRows(
    unet,
    encoders.map(({ text }) => text.rows),
  )
  const widths = encoders.map((encoder) => {
    const name = lastHiddenState(encoder)
    return encoder.outputs.find((output) => output.name === name)?.shape[2]
  })
  if (widths.every((width) => typeof width === 'number')) {
    const total = widths.reduce((sum, width) => sum + width, 0)
    if (total !== unet.contextSize) {
      const given = widths.join(' + ')
      throw unusable(`The text encoders give ${given} numbers a token, and the UNet takes ${unet.contextSize}.`)
    }
  }
  if (!isPooled) return
  const last = encoders.at(-1)
  const pooled = last && pooledOutput(last)
  if (!pooled) throw unusable('The UNet is of the XL kind, but text_encoder_2 gives no text_embeds.')
  const given = pooled.shape[1]
  if (typeof given === 'number' && unet.pooledSize !== null && given !== unet.pooledSize) {
    throw unusable(`text_encoder_2 sums a prompt up in ${given} numbers, and the UNet takes ${unet.pooledSize}.`)
  }
  if (encoders.some((encoder) => hiddenStates(encoder).length < layer.fromEnd)) {
    throw unusable(
      'The UNet is of the XL kind, and takes the last layer but one of the text encoders, which this export does not give. Export it again with Optimum.',
    )
  }
}

function checkRows({ contextTokens }: UnetSignature, rows: readonly (number | null)[]): void {
  const known = rows.filter((count) => count !== null)
  const odd = known.find((count) => count !== known[0])
  if (odd !== undefined) {
    throw unusable(`The text encoders give ${known.join(' and ')} tokens for a prompt: they do not fit side by side.`)
  }
  if (contextTokens !== null && known.length > 0 && known[0] !== contextTokens) {
    throw unusable(`The text encoder gives ${known[0]} tokens for a prompt, and the UNet takes ${contextTokens}.`)
  }
}

/**
 * The output that sums a prompt up, projected, of encoders that have one; CLIP's own pooled output is not projected.
 */
export function pooledOutput({ outputs }: Pick<Signature, 'outputs'>): TensorInfo | null {
  const named = outputs.find(({ name }) => name === 'text_embeds')
  return named ?? outputs.find(({ name, shape }) => shape.length === 2 && name !== 'pooler_output') ?? null
}

/** The name of a text encoder's normalised last layer. */
export function lastHiddenState({ outputs }: Pick<Signature, 'outputs'>): string {
  const last =
    outputs.find(({ name }) => name === 'last_hidden_state') ?? outputs.find(({ shape }) => shape.length === 3)
  if (!last) throw unusable('The text encoder gives no hidden states.')
  return last.name
}

/** A text encoder's raw layers by name, first the embeddings; empty if the export has none. */
export function hiddenStates({ outputs }: Pick<Signature, 'outputs'>): string[] {
  const prefix = 'hidden_states.'
  const indexOf = (name: string): number => Number(name.slice(prefix.length))
  return outputs
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix) && Number.isInteger(indexOf(name)))
    .sort((a, b) => indexOf(a) - indexOf(b))
}
