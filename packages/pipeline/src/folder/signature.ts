import type { TensorInfo } from '../onnx/tensor-info.ts'
import type { ExporterEra } from './description.ts'
import { inpaintChannels, type LatentSpace } from './latent-space.ts'
import { sizeConditionings, sizeCount } from './size-conditioning.ts'
import { fixedShape, unusable } from './unusable.ts'

const sizeCounts = Object.values(sizeConditionings).map(sizeCount)

/** The inputs of a network that guides the UNet by pictures, in its graph. */
export interface ControlSignature {
  picture: string
  scale: string
  /** Of a union: which of how many kinds its picture is. */
  type: { name: string; count: number } | null
  /** What the sides of its pictures must be multiples of. */
  multiple: number
}

/** Names and kinds of a UNet's inputs, found by name, else by shape: some exporters kept the tracer's names. */
export interface UnetSignature {
  sample: string
  timestep: string
  /** Scalar timesteps have no dimension. */
  timestepRank: 0 | 1
  /** Whether each row of a run may be told another timestep. */
  timestepPerRow: boolean
  /** Integers are rounded timesteps, floats keep the fraction. */
  timestepType: string
  context: string
  contextSize: number
  /** Tokens that the context must have, or null if any number goes. */
  contextTokens: number | null
  pooled: string | null
  /** How many numbers sum a prompt up, where the graph says so. */
  pooledSize: number | null
  /** The count is null where the graph leaves it open. */
  timeIds: { name: string; count: number | null } | null
  guidanceEmbedding: { name: string; size: number } | null
  /** What an IP-Adapter makes of a picture, and how many numbers a token of it has for all layers together. */
  reference: { keys: string; values: string; width: number } | null
  controls: readonly ControlSignature[]
  /** Of the sample: those of the latents, and in an inpaint model those of mask and masked latents. */
  channels: number
  output: string
}

export interface Signature {
  inputs: readonly TensorInfo[]
  outputs: readonly TensorInfo[]
}

/**
 * @param controls what stands beside the UNet in its graph
 * @throws model_unusable with the reason.
 */
export function unetSignature(
  { inputs: all, outputs }: Signature,
  controls: readonly ControlSignature[] = [],
): UnetSignature {
  const ofControls = controls.flatMap(({ picture, scale, type }) => [picture, scale, type?.name])
  const inputs = all.filter(({ name }) => !ofControls.includes(name))
  const named = (name: string) => inputs.find((input) => input.name === name)
  const sample = named('sample') ?? inputs.find((input) => input.shape.length === 4)
  const timestep = named('timestep') ?? inputs.find((input) => input.shape.length < 2)
  const context = named('encoder_hidden_states') ?? inputs.find((input) => input.shape.length === 3)
  if (!sample || !timestep || !context || outputs.length === 0) {
    throw unusable(`The UNet's inputs are ${inputs.map((input) => input.name).join(', ') || 'none'}.`)
  }
  const [batch, channels, height, width] = sample.shape
  if (typeof batch === 'number' || typeof height === 'number' || typeof width === 'number') {
    throw fixedShape('UNet', sample)
  }
  if (typeof channels !== 'number') throw unusable('The UNet does not tell how many latent channels it takes.')
  const contextSize = context.shape[2]
  if (typeof contextSize !== 'number') throw unusable('The UNet does not tell the width of its text input.')
  const flat = inputs.filter((input) => input !== timestep && input.shape.length === 2)
  const guidance = named('timestep_cond')
  const timeIds = named('time_ids') ?? flat.find(({ shape: [, count] }) => sizeCounts.some((known) => known === count))
  const pooled = named('text_embeds') ?? flat.find((input) => input !== timeIds && input !== guidance)
  const [keys, values] = [named('image_keys'), named('image_values')]
  const known = [sample, timestep, context, guidance, timeIds, pooled, keys, values]
  const unknown = inputs.filter((input) => !known.includes(input))
  if (unknown.length > 0) throw unusable(`The UNet needs ${unknown.map((input) => input.name).join(', ')} as well.`)
  return {
    sample: sample.name,
    timestep: timestep.name,
    timestepRank: timestep.shape.length === 0 ? 0 : 1,
    timestepPerRow: typeof timestep.shape[0] === 'string',
    timestepType: timestep.type,
    context: context.name,
    contextSize,
    contextTokens: typeof context.shape[1] === 'number' ? context.shape[1] : null,
    pooled: pooled?.name ?? null,
    pooledSize: typeof pooled?.shape[1] === 'number' ? pooled.shape[1] : null,
    timeIds: timeIds
      ? { name: timeIds.name, count: typeof timeIds.shape[1] === 'number' ? timeIds.shape[1] : null }
      : null,
    controls,
    guidanceEmbedding: guidance ? { name: guidance.name, size: Number(guidance.shape[1]) || 256 } : null,
    reference: keys && values ? { keys: keys.name, values: values.name, width: Number(keys.shape[2]) } : null,
    channels,
    output: outputs[0].name,
  }
}

/**
 * What a side in pixels must be a multiple of. Most exporters fix the factor of each upsampling in the UNet, so that
 * latents which do not halve evenly no longer fit together on the way up; some take the size from the graph, and any
 * whole number of latents does.
 */
export function sizeMultiple(
  operators: Iterable<{ type: string; inputs: readonly string[] }>,
  { factor }: LatentSpace,
): number {
  let multiple = factor
  for (const { type, inputs } of operators) {
    // Resize(x, roi, scales, sizes): without sizes, by a fixed factor.
    if (type === 'Upsample' || (type === 'Resize' && !inputs[3])) multiple *= 2
  }
  return multiple
}

/** What a VAE encoder answers: mean and log variance, or a sample that the graph drew by itself. */
export function encoderOutput(
  { outputs }: Signature,
  { channels }: LatentSpace,
): { name: string; kind: 'parameters' | 'sample' } {
  const parameters = outputs.find(({ name, shape }) => name === 'latent_parameters' || shape[1] === 2 * channels)
  if (parameters) return { name: parameters.name, kind: 'parameters' }
  const [sample] = outputs
  if (sample?.shape.length !== 4) throw unusable('The VAE encoder gives no latents.')
  return { name: sample.name, kind: 'sample' }
}

/**
 * Refuses a VAE made for one size. `name` is how the error calls the part. A fixed batch of one is what it is run with
 * anyway.
 *
 * @throws model_unusable with the shape.
 */
export function checkFreeShape(name: string, { inputs }: Pick<Signature, 'inputs'>): void {
  const [batch, ...others] = inputs[0]?.shape ?? []
  const [, ...sizes] = others
  if ((typeof batch !== 'number' || batch === 1) && sizes.every((dim) => typeof dim !== 'number')) return
  throw fixedShape(name, { shape: [batch, ...others] })
}

/**
 * @returns whether the UNet takes mask and masked picture beside the latents.
 * @throws model_unusable if it takes neither those nor the latents alone
 */
export function isInpaintUnet({ channels }: UnetSignature, latents: LatentSpace): boolean {
  const inpaint = latents.channels + inpaintChannels(latents)
  if (channels !== latents.channels && channels !== inpaint) {
    throw unusable(`The UNet takes ${channels} latent channels; ${latents.channels} and ${inpaint} are understood.`)
  }
  return channels === inpaint
}

/**
 * Sizes that a graph leaves open are not looked at.
 * @throws model_unusable if what a VAE takes and gives is not RGB and such latents
 */
export function checkVae(encoder: Signature, decoder: Signature, latents: LatentSpace): void {
  encoderOutput(encoder, latents)
  const expected = [
    ['The VAE encoder takes', encoder.inputs[0], 3],
    ['The VAE decoder takes', decoder.inputs[0], latents.channels],
    ['The VAE decoder gives', decoder.outputs[0], 3],
  ] as const
  for (const [what, tensor, channels] of expected) {
    const found = tensor?.shape[1]
    if (tensor?.shape.length !== 4 || (typeof found === 'number' && found !== channels)) {
      throw unusable(
        `${what} ${tensor ? `"${tensor.name}" of ${tensor.shape.join('×')}` : 'nothing'}, not ${channels} channels.`,
      )
    }
  }
}

/** Which generation of tools wrote the folder: the table of eras in docs/models.md. */
export function exporterEra(
  unet: Signature,
  encoder: Signature,
  latents: LatentSpace,
  usesCustomOperators: boolean,
): ExporterEra {
  const { timestepRank, timestepType } = unetSignature(unet)
  const parameters = encoderOutput(encoder, latents).kind === 'parameters'
  if (timestepRank === 0) return 'optimum-1.24'
  if (parameters) return 'optimum-1.23'
  if (timestepType === 'int64') return 'optimum-1.6'
  return usesCustomOperators || timestepType === 'float16' ? 'olive' : 'diffusers'
}
