import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'

export interface AttentionOptions {
  channels: number
  heads: number
  /** How many tokens there are, if each sees only those before it. */
  causal?: number
}

/**
 * What networks are made of, once for each dialect of graphs. Names are those of the layers' weights. Pictures are
 * passed on in the dialect's own order of axes, tokens as [batch, tokens, channels].
 */
export interface Layers {
  writer: GraphWriter
  /** A picture that comes in or goes out: float32 [batch, channels, height, width]. */
  fromPlanar(image: Value): Value
  toPlanar(image: Value): Value
  /** [batch, height, width, channels], of any type. */
  toInterleaved(image: Value): Value
  /** @param options by default a step of 1, and a border that keeps the size */
  conv(image: Value, name: string, options?: { stride?: number; pads?: readonly number[] }): Value
  /** In 32 groups. */
  groupNorm(image: Value, name: string, options: { epsilon: number; silu: boolean }): Value
  joinChannels(one: Value, other: Value): Value
  /** To the size of another picture, or else to twice the size, by repeating the nearest. */
  upsample(image: Value, like?: Value): Value
  /** One number for each channel, all over a picture: [batch, channels]. */
  addVector(image: Value, vector: Value): Value
  toTokens(image: Value, channels: number): Value
  toImage(tokens: Value, like: Value, channels: number): Value
  /** @param options.plain it may have no bias */
  linear(tokens: Value, name: string, options?: { plain?: boolean }): Value
  /** A linear layer beside tokens that go around it. */
  addLinear(around: Value, tokens: Value, name: string): Value
  /** A linear layer with a bias, of one vector for each picture: [batch, channels]. */
  dense(vector: Value, name: string): Value
  layerNorm(tokens: Value, name: string): Value
  attention(query: Value, key: Value, value: Value, options: AttentionOptions): Value
  /** A linear layer to two halves: the one, times the Gelu of the other. */
  gatedGelu(tokens: Value, name: string): Value
  silu(value: Value): Value
  gelu(value: Value): Value
  quickGelu(value: Value): Value
  add(one: Value, other: Value): Value
}
