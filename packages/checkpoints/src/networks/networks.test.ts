import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { afterAll, describe, expect, it } from 'vitest'
import { portableLayers } from '../blocks/portable.ts'
import type { ComputeType } from '../graph/element-types.ts'
import { graphWriter } from '../graph/graph-writer.ts'
import type { Dialect, GraphName, GraphSource } from '../graphs.ts'
import { writeGraph } from '../graphs.ts'
import type { LoadMode } from '../session-options.ts'
import {
  decoded,
  networks,
  relativeDifference,
  runGraph,
  type Shapes,
  textFeeds,
  writeWeights,
} from '../testing/networks.ts'
import { inputNumbers } from '../testing/numbers.ts'
import { plainOperators } from '../testing/plain-operators.ts'
import type { Dtype, Weights } from '../weights.ts'
import { writePixels } from './pixels.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-networks-'))
afterAll(() => rmSync(dir, { recursive: true }))

const close = 1e-5
/** Of numbers that are rounded to float16 after every operator. */
const inHalf = 5e-3

function floats(shape: readonly number[], seed: number, scale = 1): Tensor {
  return new Tensor(
    'float32',
    inputNumbers(shape, seed).map((value) => value * scale),
    shape,
  )
}

function sourceOf(weights: GraphSource['weights'], family: GraphSource['family']['value'] = 'sd1'): GraphSource {
  return { weights, heads: {}, texts: {}, family: { value: family } }
}

function unetSource(name: string, unet: Weights): GraphSource {
  const source = sourceOf({ unet }, name === 'sdxl-refiner' ? 'sdxl-refiner' : 'sd1')
  const text = { width: 128, layers: 3, pooledWidth: 128, activation: 'gelu' as const }
  return { ...source, texts: name.startsWith('sdxl') ? { text_encoder_2: text } : {} }
}

/** The inputs that torch had. */
function unetFeeds(shapes: Shapes, steps: readonly number[]): Record<string, Tensor> {
  const channels = shapes['conv_in.weight']?.[1] ?? 0
  const context = Object.entries(shapes).find(([name]) => name.endsWith('attn2.to_k.weight'))?.[1][1] ?? 0
  const added = shapes['add_embedding.linear_1.weight']?.[1]
  const guidance = shapes['time_embedding.cond_proj.weight']?.[1]
  return {
    sample: floats([2, channels, 10, 7], 1001),
    timestep: new Tensor('float32', Float32Array.from(steps), [steps.length]),
    encoder_hidden_states: floats([2, 9, context], 1002),
    ...(added ? { text_embeds: floats([2, 128], 1003), time_ids: floats([2, (added - 128) / 16], 1004, 64) } : {}),
    ...(guidance ? { timestep_cond: floats([2, guidance], 1005) } : {}),
  }
}

interface Variant {
  dialect?: Dialect
  type?: ComputeType
  mode?: LoadMode
  steps?: number[]
}

async function unetDifference(name: string, { dialect = 'cpu', type, mode, steps = [731.25] }: Variant = {}) {
  const { shapes, output } = networks.unets[name] ?? { shapes: {}, output: ['', ''] }
  const unet = await writeWeights(join(dir, `${name}.bin`), shapes)
  const graph = plainOperators(writeGraph(unetSource(name, unet), 'unet', dialect, type))
  const { out_sample: found } = await runGraph(graph, unetFeeds(shapes, steps), mode)
  return relativeDifference(found, decoded(output[steps.length - 1] ?? ''))
}

describe('a UNet computes what diffusers computes', () => {
  it.each(Object.keys(networks.unets))('%s', async (name) => {
    expect(await unetDifference(name)).toBeLessThan(close)
  })

  it.each(['sd1', 'sdxl'])('%s, each row at its own noise level', async (name) => {
    expect(await unetDifference(name, { steps: [3.5, 981] })).toBeLessThan(close)
  })

  it.each(['sd1', 'sdxl'])('%s, as it is loaded to take little memory, and as a GPU reads it', async (name) => {
    expect(await unetDifference(name, { mode: 'lean' })).toBeLessThan(close)
    expect(await unetDifference(name, { dialect: 'webgpu' })).toBeLessThan(close)
  })

  it.each(['no-middle', 'sdxl'])('%s, in the operators of CUDA', async (name) => {
    expect(await unetDifference(name, { dialect: 'cuda', type: 'float32', steps: [3.5, 981] })).toBeLessThan(close)
  })

  it('no-middle, in the operators and the type of CUDA', async () => {
    expect(await unetDifference('no-middle', { dialect: 'cuda' })).toBeLessThan(inHalf)
  })

  const formats: Record<string, Dtype[]> = Object.fromEntries(
    (['F64', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2'] as const).map((dtype) => [dtype, [dtype]]),
  )
  it.each([
    ...Object.entries(formats),
    ['mixed', ['F32', 'F64', 'F16', 'BF16', 'F8_E4M3', 'F8_E5M2']] as [string, Dtype[]],
  ])('from weights in %s', async (label, dtypes) => {
    const { shapes } = networks.unets['no-middle'] ?? { shapes: {} }
    const unet = await writeWeights(join(dir, `${label}.bin`), shapes, dtypes)
    for (const mode of ['fast', 'lean'] as const) {
      const { out_sample: found } = await runGraph(
        writeGraph(sourceOf({ unet }), 'unet', 'cpu'),
        unetFeeds(shapes, [731.25]),
        mode,
      )
      expect(relativeDifference(found, decoded(networks.dtypes[label] ?? ''))).toBeLessThan(close)
    }
  })
})

describe('a VAE computes what diffusers computes', () => {
  it.each([
    ['cpu', 'float32', close],
    ['cuda', 'float32', close],
    ['cuda', 'float16', inHalf],
  ] as const)('both ways, on %s in %s', async (dialect, type, limit) => {
    const vae = await writeWeights(join(dir, 'vae.bin'), networks.vae.shapes)
    const graph = (name: GraphName) => plainOperators(writeGraph(sourceOf({ vae }), name, dialect, type))
    const encoded = await runGraph(graph('vae_encoder'), { sample: floats([1, 3, 24, 40], 1001) })
    expect(relativeDifference(encoded.latent_parameters, decoded(networks.vae.latents))).toBeLessThan(limit)
    const { sample } = await runGraph(graph('vae_decoder'), { latent_sample: floats([1, 4, 5, 6], 1002) })
    // Every other row and column of 20×24 pixels.
    const half = sample?.filter((_, i) => i % 2 === 0 && Math.floor(i / 24) % 2 === 0)
    expect(relativeDifference(half, decoded(networks.vae.picture))).toBeLessThan(limit)
  })
})

describe("a VAE's picture comes as bytes, too", () => {
  it.each([
    ['cpu', 'float32'],
    ['webgpu', 'float32'],
    ['cuda', 'float16'],
  ] as const)('of the same numbers, on %s', async (dialect, type) => {
    const vae = await writeWeights(join(dir, 'vae.bin'), networks.vae.shapes)
    const graph = plainOperators(writeGraph(sourceOf({ vae }), 'vae_decoder', dialect, type))
    // From far below black to far above white.
    const found = await runGraph(graph, { latent_sample: floats([2, 4, 3, 5], 1003, 9) })
    const sample = found.sample ?? new Float32Array()
    const [cut, rounded] = [new Uint8Array(sample.length), new Uint8ClampedArray(sample.length)]
    const plane = 12 * 20
    sample.forEach((value, i) => {
      const [picture, colour, place] = [Math.floor(i / plane / 3), Math.floor(i / plane) % 3, i % plane]
      const unit = Math.fround(value / 2 + 0.5)
      const level = Math.fround(Math.min(Math.max(unit, 0), 1) * 255)
      const at = (picture * plane + place) * 3 + colour
      cut[at] = level
      rounded[at] = level
    })
    expect(found.cut_pixels).toEqual(cut)
    expect(found.rounded_pixels).toEqual(new Uint8Array(rounded))
    expect(new Set(cut).size).toBeGreaterThan(100)
    expect([cut.includes(0), cut.includes(255)]).toEqual([true, true])
    const half = sample.length / 2
    expect(found.highest).toEqual(Float32Array.of(Math.max(...sample.slice(0, half)), Math.max(...sample.slice(half))))
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'and the highest of its numbers is none where one of them is: %d',
    async (value) => {
      const writer = graphWriter(new Map(), 'VAE')
      const picture = writer.input('picture', 'float32', ['batch_size', 3, 'height', 'width'])
      writePixels(portableLayers(writer, { fused: true }), picture, 3)
      const numbers = Float32Array.from({ length: 24 }, (_, i) => (i === 17 ? value : i / 20 - 1))
      const { highest } = await runGraph(writer.finish(), { picture: new Tensor('float32', numbers, [2, 3, 2, 2]) })
      expect(highest).toEqual(Float32Array.of(numbers[11] ?? 0, Number.NaN))
    },
  )
})

describe('a text encoder computes what transformers computes', () => {
  const someTokens = [0, 1, 4, 36, 76]
  const ids = BigInt64Array.from(networks.tokens.flat(), BigInt)

  function atSome(states: Float32Array | undefined): Float32Array {
    const width = (states?.length ?? 0) / 154
    const place = (token: number) => Array.from(states?.subarray(token * width, (token + 1) * width) ?? [])
    return Float32Array.from([0, 77].flatMap((row) => someTokens.flatMap((token) => place(row + token))))
  }

  it.each(
    Object.keys(networks.texts).flatMap((name) => [
      [name, 'cpu', close],
      [name, 'webgpu', close],
      [name, 'cuda', inHalf],
    ]) as [string, Dialect, number][],
  )('%s, on %s', async (name, dialect, limit) => {
    const golden = networks.texts[name] ?? { shapes: {}, last: '', states: [] }
    const weights = await writeWeights(join(dir, `${name}.bin`), golden.shapes)
    const [, width = 0] = golden.shapes['text_model.embeddings.position_embedding.weight'] ?? []
    const part = golden.pooled ? 'text_encoder_2' : 'text_encoder'
    const facts = {
      width: 0,
      layers: 0,
      pooledWidth: null,
      activation: name === 'clip' ? 'quick_gelu' : 'gelu',
    } as const
    const graph = writeGraph({ ...sourceOf({ [part]: weights }), texts: { [part]: facts } }, part, dialect)
    const found = await runGraph(plainOperators(graph), textFeeds(ids, width))
    expect(relativeDifference(atSome(found.last_hidden_state), decoded(golden.last))).toBeLessThan(limit)
    expect(graph.outputs.filter(({ name: output }) => output.startsWith('hidden_states.'))).toHaveLength(
      golden.states.length,
    )
    golden.states.forEach((state, i) => {
      expect(relativeDifference(atSome(found[`hidden_states.${i}`]), decoded(state))).toBeLessThan(limit)
    })
    if (golden.pooled) expect(relativeDifference(found.text_embeds, decoded(golden.pooled))).toBeLessThan(limit)
  })
})
