import { familyLabel } from '../adapters/lora-family.ts'
import type { Checkpoint } from '../checkpoint.ts'
import { CheckpointError, quote } from '../errors.ts'
import { readsText } from '../networks/unet-blocks.ts'
import { type DownLayout, unetLayout } from '../networks/unet-layout.ts'
import type { Tensor, Weights } from '../weights.ts'
import type { AdapterShape, Control } from './control.ts'
import { tensorAt } from './controlnet-facts.ts'

type ControlTarget = Pick<Checkpoint, 'family' | 'weights' | 'heads'>

/** How many times smaller than a picture its latents are. */
const latentFactor = 8

/**
 * Holds a network to a model's UNet.
 *
 * @throws CheckpointError if it was made for another family, or has other channels than what it is added to
 */
export function fitControl(control: Control, { family, weights, heads }: ControlTarget): void {
  const { family: made } = control
  if (made.value !== family.value)
    throw new CheckpointError(
      `It was made for ${familyLabel(made.value)} (${made.told}), and this model is ${familyLabel(family.value)}.`,
    )
  const { unet } = weights
  if (!unet) throw new CheckpointError('This model has no UNet.')
  const layout = unetLayout(unet, heads.unet)
  if (control.kind === 'controlnet') fitControlNet(control.weights, unet, layout)
  else fitAdapter(control.shape, unet, layout)
}

function fitControlNet(own: Weights, unet: Weights, layout: DownLayout): void {
  const skips = skipChannels(unet, layout)
  for (const [i, channels] of skips.entries()) fitOutput(own, `controlnet_down_blocks.${i}`, channels)
  if (own.has(`controlnet_down_blocks.${skips.length}.weight`))
    throw new CheckpointError(`It adds to more than the ${skips.length} places of this model's UNet.`)
  fitOutput(own, 'controlnet_mid_block', channelsAfter(unet, layout.middle?.resnets.at(-1)) ?? skips.at(-1) ?? 0)
  // It is a copy of the UNet's half: where both have a layer, it has the same shape. Latents alone go into it.
  for (const [name, tensor] of own) {
    const same = name === 'conv_in.weight' ? undefined : unet.get(name)
    if (same && plainShape(same) !== plainShape(tensor))
      throw new CheckpointError(
        `Its layer ${quote(name)} has ${plainShape(tensor)} numbers, and this model's ${plainShape(same)}.`,
      )
  }
  const [, latents] = tensorAt(own, 'conv_in.weight').shape
  if (latents !== 4) throw new CheckpointError(`It takes latents of ${latents} channels, and this model's have 4.`)
}

function fitOutput(own: Weights, name: string, channels: number): void {
  const shape = plainShape(tensorAt(own, `${name}.weight`))
  if (shape === `${channels}×${channels}` && plainShape(tensorAt(own, `${name}.bias`)) === `${channels}`) return
  throw new CheckpointError(
    `It adds ${shape.split('×')[0]} channels where this model has ${channels} (${quote(name)}).`,
  )
}

function fitAdapter({ levels }: AdapterShape, unet: Weights, { down, middle }: DownLayout): void {
  const places = down.map((level, i) => {
    const halved = readsText(level) || level.resample === null ? i : i + 1
    return { channels: channelsAfter(unet, level.resnets.at(-1)), factor: latentFactor * 2 ** halved }
  })
  if (middle && levels.length > down.length)
    places.push({
      channels: channelsAfter(unet, middle.resnets.at(-1)),
      factor: latentFactor * 2 ** down.filter(({ resample }) => resample !== null).length,
    })
  const say = (list: readonly { channels: number | undefined; factor: number }[]) =>
    list.map(({ channels, factor }) => `${channels}/${factor}`).join(', ')
  if (say(places) !== say(levels))
    throw new CheckpointError(
      `It adds channels (each at that part of the picture's sides) of ${say(levels)}, where this model's UNet has ${say(places)}.`,
    )
}

/** Of all that the way up is given, from the picture down. */
function skipChannels(unet: Weights, { down }: DownLayout): number[] {
  const first = unet.get('conv_in.weight')?.shape[0] ?? 0
  return [
    first,
    ...down.flatMap(({ resnets, resample }) => [
      ...resnets.map((name) => channelsAfter(unet, name) ?? 0),
      ...(resample === null ? [] : [unet.get(`${resample}.weight`)?.shape[0] ?? 0]),
    ]),
  ]
}

function channelsAfter(unet: Weights, resnet: string | undefined): number | undefined {
  return unet.get(`${resnet}.conv2.weight`)?.shape[0]
}

/** A linear layer and a 1×1 convolution of the same numbers have the same. */
function plainShape({ shape, transposed }: Tensor): string {
  const own = transposed ? shape.toReversed() : shape
  const [rows = 1, columns, height = 1, width = 1] = own
  return [rows, columns, ...(height === 1 && width === 1 ? [] : [height, width])].filter(Boolean).join('×')
}
