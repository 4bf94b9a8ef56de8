import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import { changesOf, fitLora, loraTarget } from '../adapters/fit-lora.ts'
import { readLora } from '../adapters/lora.ts'
import { type GraphSource, writeGraph } from '../graphs.ts'
import { loraCases, writeLora } from './loras.ts'
import { decoded, networks, relativeDifference, runGraph, textFeeds, writeWeights } from './networks.ts'
import { inputNumbers } from './numbers.ts'

/** A file of a LoRA, and how strongly it counts. */
export interface UsedLora {
  file: string
  strength: number
}

/**
 * How far a network with the LoRA of a case is from what torch computes, relative to the largest number of that.
 *
 * @param run computes a graph
 */
export async function loraDifference(label: string, run = runGraph): Promise<number> {
  const lora = loraCases[label]
  if (!lora) throw new RangeError(`there is no case ${label}`)
  const dir = mkdtempSync(join(tmpdir(), 'pentimento-lora-'))
  try {
    const file = join(dir, 'lora.safetensors')
    await writeLora(file, lora)
    const used = [{ file, strength: lora.strength }]
    const found =
      lora.unet === undefined ? await encodeWith(dir, used, run) : await paintWith(dir, lora.unet, used, run)
    return relativeDifference(found, decoded(lora.output))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** What a small UNet with LoRAs answers. @param dir for its weights */
export async function paintWith(
  dir: string,
  name: string,
  loras: readonly UsedLora[],
  run = runGraph,
): Promise<Float32Array | undefined> {
  const unet = await writeWeights(join(dir, `${name}.bin`), networks.unets[name]?.shapes ?? {})
  const isXl = name === 'sdxl'
  const second = { text_encoder_2: { width: 128, layers: 3, pooledWidth: 128, activation: 'gelu' as const } }
  const family = { value: isXl ? ('sdxl' as const) : ('sd1' as const), told: '' }
  const source = { weights: { unet }, heads: {}, texts: isXl ? second : {}, family }
  const floats = (shape: number[], seed: number, scale = 1) =>
    new Tensor(
      'float32',
      inputNumbers(shape, seed).map((value) => value * scale),
      shape,
    )
  const feeds = {
    sample: floats([2, 4, 10, 7], 1001),
    timestep: new Tensor('float32', Float32Array.of(731.25), [1]),
    encoder_hidden_states: floats([2, 9, isXl ? 192 : 32], 1002),
    ...(isXl ? { text_embeds: floats([2, 128], 1003), time_ids: floats([2, 6], 1004, 64) } : {}),
  }
  return (await run(writeGraph(await changed(source, loras), 'unet', 'cpu'), feeds)).out_sample
}

/** What a small text encoder with LoRAs answers for some of the tokens. */
async function encodeWith(dir: string, loras: readonly UsedLora[], run: typeof runGraph): Promise<Float32Array> {
  const text_encoder = await writeWeights(join(dir, 'text.bin'), networks.texts.clip?.shapes ?? {})
  const facts = { width: 128, layers: 3, pooledWidth: null, activation: 'quick_gelu' as const }
  const family = { value: 'sd1' as const, told: '' }
  const source = { weights: { text_encoder }, heads: {}, texts: { text_encoder: facts }, family }
  const ids = BigInt64Array.from(networks.tokens.flat(), BigInt)
  const graph = writeGraph(await changed(source, loras), 'text_encoder', 'cpu')
  const { last_hidden_state: all } = await run(graph, textFeeds(ids, 128))
  const some = [0, 77].flatMap((row) => [0, 1, 4, 36, 76].map((token) => row + token))
  return Float32Array.from(some.flatMap((row) => Array.from(all?.subarray(row * 128, row * 128 + 128) ?? [])))
}

async function changed<S extends GraphSource & Parameters<typeof loraTarget>[0]>(
  source: S,
  loras: readonly UsedLora[],
): Promise<GraphSource> {
  const target = loraTarget(source)
  const fits = []
  for (const { file, strength } of loras) {
    const fit = fitLora(await readLora(file), target)
    if (fit.unmatched.length > 0) throw new Error(`no layer for ${fit.unmatched[0]}`)
    fits.push({ fit, strengths: { unet: strength, text: strength } })
  }
  return { ...source, changes: changesOf(fits) }
}
