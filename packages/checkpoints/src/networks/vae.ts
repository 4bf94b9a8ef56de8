import type { Layers } from '../blocks/layers.ts'
import { resnet } from '../blocks/resnet.ts'
import type { Value } from '../graph/graph.ts'
import type { Weights } from '../weights.ts'
import { writePixels } from './pixels.ts'
import { count } from './unet-layout.ts'

const epsilon = 1e-6

/** Writes the half of a VAE that makes latents of a picture: means, then logarithms of variances. */
export function writeVaeEncoder(layers: Layers, vae: Weights): void {
  const { writer } = layers
  const [, colours = 0] = writer.tensor('encoder.conv_in.weight').shape
  const sample = writer.input('sample', 'float32', ['batch_size', colours, 'height', 'width'])
  let image = layers.conv(layers.fromPlanar(sample), 'encoder.conv_in')
  for (let level = 0; vae.has(`encoder.down_blocks.${level}.resnets.0.norm1.weight`); level++) {
    const name = `encoder.down_blocks.${level}`
    image = resnets(layers, vae, image, name)
    // It was trained with a border at the right and at the bottom alone.
    const half = `${name}.downsamplers.0.conv`
    if (vae.has(`${half}.weight`)) image = layers.conv(image, half, { stride: 2, pads: [0, 0, 1, 1] })
  }
  image = out(layers, middle(layers, image, 'encoder'), 'encoder')
  if (vae.has('quant_conv.weight')) image = layers.conv(image, 'quant_conv')
  const [channels = 0] = writer.tensor('encoder.conv_out.weight').shape
  const shape = ['batch_size', channels, 'latent_height', 'latent_width']
  writer.output('latent_parameters', layers.toPlanar(image), 'float32', shape)
}

/** Writes the half of a VAE that makes a picture of latents, in −1 … 1, and as bytes. */
export function writeVaeDecoder(layers: Layers, vae: Weights): void {
  const { writer } = layers
  const [, channels = 0] = writer.tensor('decoder.conv_in.weight').shape
  const latents = writer.input('latent_sample', 'float32', ['batch_size', channels, 'latent_height', 'latent_width'])
  let image = layers.fromPlanar(latents)
  if (vae.has('post_quant_conv.weight')) image = layers.conv(image, 'post_quant_conv')
  image = middle(layers, layers.conv(image, 'decoder.conv_in'), 'decoder')
  for (let level = 0; vae.has(`decoder.up_blocks.${level}.resnets.0.norm1.weight`); level++) {
    const name = `decoder.up_blocks.${level}`
    image = resnets(layers, vae, image, name)
    const double = `${name}.upsamplers.0.conv`
    if (vae.has(`${double}.weight`)) image = layers.conv(layers.upsample(image), double)
  }
  const [colours = 0] = writer.tensor('decoder.conv_out.weight').shape
  const picture = out(layers, image, 'decoder')
  writer.output('sample', layers.toPlanar(picture), 'float32', ['batch_size', colours, 'height', 'width'])
  writePixels(layers, writer.widen(picture), colours)
}

function resnets(layers: Layers, vae: Weights, image: Value, level: string): Value {
  const blocks = count(vae, (i) => `${level}.resnets.${i}.norm1.weight`)
  return Array.from({ length: blocks }).reduce<Value>(
    (passed, _, i) => resnet(layers, passed, `${level}.resnets.${i}`, { epsilon }),
    image,
  )
}

function middle(layers: Layers, image: Value, half: string): Value {
  const first = resnet(layers, image, `${half}.mid_block.resnets.0`, { epsilon })
  const seen = attention(layers, first, `${half}.mid_block.attentions.0`)
  return resnet(layers, seen, `${half}.mid_block.resnets.1`, { epsilon })
}

/** One head, over all places of the picture. */
function attention(layers: Layers, image: Value, name: string): Value {
  const [channels = 0] = layers.writer.tensor(`${name}.group_norm.weight`).shape
  const tokens = layers.toTokens(layers.groupNorm(image, `${name}.group_norm`, { epsilon, silu: false }), channels)
  const [query, key, value] = ['to_q', 'to_k', 'to_v'].map((layer) => layers.linear(tokens, `${name}.${layer}`)) as [
    Value,
    Value,
    Value,
  ]
  const seen = layers.linear(layers.attention(query, key, value, { channels, heads: 1 }), `${name}.to_out.0`)
  return layers.add(layers.toImage(seen, image, channels), image)
}

function out(layers: Layers, image: Value, half: string): Value {
  return layers.conv(layers.groupNorm(image, `${half}.conv_norm_out`, { epsilon, silu: true }), `${half}.conv_out`)
}
