import {
  type ComputeType,
  type Graph,
  type LoadMode,
  modelBytes,
  sessionOptions,
  type WeightFile,
  writeImageEncoder,
  writeIpAdapter,
} from '@pentimento/checkpoints'
import type { HeldReference } from '../folder/chosen-reference.ts'
import { clipPixels } from '../images/clip-pixels.ts'
import type { Device } from '../ort/choose-device.ts'
import type { GraphOptions, Session } from '../ort/graph.ts'
import type { Runtime } from '../ort/runtime.ts'
import type { Floats } from '../ort/values.ts'
import type { RgbImage } from '../request.ts'

/** What the UNet is told of a picture by an IP-Adapter: keys and values [tokens, width], without the batch. */
export interface ImageTokens {
  keys: Floats
  values: Floats
}

/** An IP-Adapter and its encoder, in memory. */
export interface Reference {
  /** What both halves of guidance are told of a picture; reckoned once for each. */
  tokensOf(image: RgbImage): Promise<{ cond: ImageTokens; uncond: ImageTokens }>
  /** What changes no picture. */
  nothing: ImageTokens
  /** In bytes, as the files have them. */
  bytes: number
}

interface Target extends Pick<Runtime, 'openShared'> {
  device: Device
  loadMode: LoadMode
}

/**
 * Loads an IP-Adapter and its encoder.
 *
 * @param opened gets both sessions @throws whatever onnxruntime says
 */
export async function openReference(
  { adapter, encoder }: HeldReference,
  { openShared, device, loadMode }: Target,
  options: GraphOptions,
  opened: Pick<Session, 'release'>[],
): Promise<Reference> {
  const type: ComputeType = device === 'cuda' ? 'float16' : 'float32'
  async function openGraph(graph: Graph, file: WeightFile): Promise<Session> {
    const { bytes, folder } = modelBytes(graph)
    const weights = sessionOptions(folder, device === 'cpu' ? loadMode : 'fast')
    const session = await openShared(bytes, { ...options, weights }, [file])
    opened.push(session)
    return session
  }
  const isPlain = adapter.kind === 'plain'
  const { side } = encoder
  const said = isPlain ? 'image_embeds' : 'hidden_states'
  const eyes = await openGraph(writeImageEncoder(encoder, isPlain ? 'summary' : 'squares', device, type), encoder.file)
  const projection = await openGraph(writeIpAdapter(adapter, device, type), adapter.file)

  async function encode(pixels: Float32Array): Promise<Floats> {
    const answer = await eyes.run({ pixel_values: { data: pixels, dims: [1, 3, side, side] } }, [said])
    return answer[said]
  }
  async function project(features: Floats): Promise<ImageTokens> {
    const { image_keys: keys, image_values: values } = await projection.run({ [said]: features }, [
      'image_keys',
      'image_values',
    ])
    return { keys: withoutBatch(keys), values: withoutBatch(values) }
  }
  async function tokensOf(image: RgbImage) {
    const seen = await encode(clipPixels(image, side))
    // As diffusers has it: a summary of zeros, or what the encoder says of zeros, which are mean grey.
    const unseen = isPlain
      ? { ...seen, data: new Float32Array(seen.data.length) }
      : await encode(new Float32Array(3 * side ** 2))
    return { cond: await project(seen), uncond: await project(unseen) }
  }
  const known = new WeakMap<RgbImage, ReturnType<typeof tokensOf>>()
  const tokens = adapter.tokens ?? (side / encoder.patch) ** 2 + 1
  const width = adapter.widths.reduce((sum, one) => sum + one, 0)
  const zeros = { data: new Float32Array(tokens * width), dims: [tokens, width] }
  return {
    nothing: { keys: zeros, values: zeros },
    bytes: adapter.file.size + encoder.file.size,
    tokensOf(image) {
      const telling = known.get(image) ?? tokensOf(image)
      known.set(image, telling)
      return telling
    },
  }
}

function withoutBatch({ data, dims: [, ...dims] }: Floats): Floats {
  return { data, dims }
}

/** As strong as is asked: what attention gives is in proportion to the values. */
export function scaled({ keys, values }: ImageTokens, scale: number): ImageTokens {
  return { keys, values: { ...values, data: values.data.map((value) => value * scale) } }
}
