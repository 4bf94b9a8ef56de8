import type { Changes } from './adapters/fit-lora.ts'
import { foldsOf } from './adapters/fold.ts'
import { foldingWriter } from './adapters/folding-writer.ts'
import { cudaLayers } from './blocks/cuda.ts'
import { fuseNorms } from './blocks/fuse-norms.ts'
import type { Layers } from './blocks/layers.ts'
import { portableLayers } from './blocks/portable.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Control } from './controls/control.ts'
import { writeControl } from './controls/write-control.ts'
import { CheckpointError, quote } from './errors.ts'
import type { ComputeType } from './graph/element-types.ts'
import type { Graph } from './graph/graph.ts'
import { type GraphWriter, graphWriter } from './graph/graph-writer.ts'
import { writeTextEncoder } from './networks/text-encoder.ts'
import { type Residuals, writeUnet } from './networks/unet.ts'
import type { Added, Told } from './networks/unet-inputs.ts'
import { unetLayout } from './networks/unet-layout.ts'
import { writeVaeDecoder, writeVaeEncoder } from './networks/vae.ts'
import type { CheckpointPart } from './split-parts.ts'

/** The graphs that a model is run with. */
export type GraphName = 'text_encoder' | 'text_encoder_2' | 'unet' | 'vae_encoder' | 'vae_decoder'

/** For whom a graph is written: for a provider of onnxruntime, in the operators that it is fast in. */
export type Dialect = 'cpu' | 'webgpu' | 'cuda'

/** What is read of a checkpoint to write its graphs. */
export type GraphSource = Pick<Checkpoint, 'weights' | 'heads' | 'texts'> & {
  family: Pick<Checkpoint['family'], 'value'>
  /** By LoRAs. */
  changes?: Changes
  /** Whether the UNet takes what an IP-Adapter makes of a picture. */
  readsReference?: boolean
  /** What guides the UNet by pictures, in its own graph: nothing of it leaves the device. */
  controls?: readonly Control[]
}

/** What a graph computes in, if nothing else is asked for. SDXL's VAE leaves the range of float16. */
export function computeType({ family }: GraphSource, name: GraphName, dialect: Dialect): ComputeType {
  if (dialect !== 'cuda') return 'float32'
  return name.startsWith('vae') && family.value.startsWith('sdxl') ? 'float32' : 'float16'
}

/**
 * Writes a graph over a checkpoint's weights. No weight is read. It takes and gives float32, whatever it computes in.
 *
 * @throws CheckpointError if the weights do not make such a network
 */
export function writeGraph(
  source: GraphSource,
  name: GraphName,
  dialect: Dialect,
  type: ComputeType = computeType(source, name, dialect),
): Graph {
  const part: CheckpointPart = name === 'vae_encoder' || name === 'vae_decoder' ? 'vae' : name
  const weights = source.weights[part]
  if (!weights) throw new CheckpointError(`It has no ${part}.`)
  const writer = foldingWriter(graphWriter(weights, part, type), foldsOf(weights, source.changes?.[part]))
  const layers = layersFor(dialect, writer, source)
  switch (name) {
    case 'unet':
      writeUnet(layers, unetLayout(weights, source.heads.unet), addedOf(source), {
        readsReference: source.readsReference === true,
        beside: besideUnet(source, dialect, writer),
      })
      break
    case 'vae_encoder':
      writeVaeEncoder(layers, weights)
      break
    case 'vae_decoder':
      writeVaeDecoder(layers, weights)
      break
    default: {
      const heads = source.heads[name]
      const activation = source.texts[name]?.activation ?? 'quick_gelu'
      const pooled = name === 'text_encoder_2'
      writeTextEncoder(layers, weights, { activation, pooled, ...(heads === undefined ? {} : { heads }) })
    }
  }
  // A layer that is left out would change every picture without a word.
  const [unread] = writer.unread()
  if (name === 'unet' && unread !== undefined) {
    throw new CheckpointError(
      `Its UNet has tensors that belong to no layer of Stable Diffusion, as ${quote(unread)}: it is of a kind that is not supported.`,
    )
  }
  return dialect === 'cuda' ? fuseNorms(writer.finish()) : writer.finish()
}

function layersFor(dialect: Dialect, writer: GraphWriter, { family }: GraphSource): Layers {
  if (dialect !== 'cuda') return portableLayers(writer, { fused: dialect === 'cpu' })
  return cudaLayers(writer, { wideAttention: family.value === 'sd2' })
}

function besideUnet(source: GraphSource, dialect: Dialect, writer: GraphWriter): ((told: Told) => Residuals)[] {
  const { controls = [], heads } = source
  return controls.map((control, number) => (told) => {
    const own = writer.beside(
      control.weights,
      control.kind === 'controlnet' ? 'ControlNet' : 'T2I-Adapter',
      `control_${number}.`,
    )
    return writeControl(layersFor(dialect, own, source), control, { told, heads: heads.unet, number })
  })
}

function addedOf({ weights, texts, family }: GraphSource): Added | null {
  if (!weights.unet?.has('add_embedding.linear_1.weight')) return null
  return { pooledWidth: texts.text_encoder_2?.pooledWidth ?? 1280, timeIds: family.value === 'sdxl-refiner' ? 5 : 6 }
}
