import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Dtype, Tensor } from '../weights.ts'
import { type Stored, writeSafetensors } from './write-safetensors.ts'

/**
 * Small relatives of real checkpoints, with names and shapes as diffusers' from_single_file takes them
 * (tools/checkpoints).
 */
export const tinyFamilies = ['sd1', 'sd1-inpaint', 'sd2', 'sdxl', 'sdxl-inpaint', 'sdxl-refiner'] as const
export type TinyFamily = (typeof tinyFamilies)[number]

/**
 * Where diffusers takes a weight from: the stored tensor, which third of it where it is an in_proj, and whether it is
 * transposed.
 */
export type Origin = [stored: string, third: number, transposed: boolean]

interface Golden {
  stored: Record<string, number[]>
  parts: Partial<Record<'unet' | 'vae' | 'text_encoder' | 'text_encoder_2', Record<string, Origin>>>
}

const fixture = new URL('../../fixtures/names.json.gz', import.meta.url)
const golden: Record<TinyFamily, Golden> = JSON.parse(gunzipSync(readFileSync(fixture)).toString()).families

/** What diffusers makes of a family's names. */
export function goldenNames(family: TinyFamily): Golden {
  return golden[family]
}

/** A family's tensors as LDM stores them. */
export function ldmTensors(family: TinyFamily, dtype: Dtype = 'F32'): Map<string, Stored> {
  const format = (name: string): Dtype => (name.endsWith('position_ids') ? 'I64' : dtype)
  return new Map(Object.entries(golden[family].stored).map(([name, shape]) => [name, { dtype: format(name), shape }]))
}

/** The same as a reader would give them. */
export function asRead(tensors: ReadonlyMap<string, Stored>): Map<string, Tensor> {
  let offset = 0
  const place = ([name, { dtype, shape }]: [string, Stored]): [string, Tensor] => {
    const length = 4 * shape.reduce((product, dim) => product * dim, 1)
    offset += length
    return [name, { file: '/model.safetensors', dtype, shape, offset: offset - length, length }]
  }
  return new Map([...tensors].map(place))
}

export interface FolderOptions {
  dtype?: Dtype
  /** As in "fp16": files that are named for it. */
  variant?: string
  /** Each part in two files with an index. */
  sharded?: boolean
  /** Contents of config files by their path in the folder. */
  configs?: Record<string, object>
}

/** Writes a family in diffusers' layout: the weights by diffusers' names in a folder for each part. */
export async function writeFolder(dir: string, family: TinyFamily, options: FolderOptions = {}): Promise<void> {
  const { stored, parts } = golden[family]
  const ending = options.variant ? `.${options.variant}` : ''
  await mkdir(dir, { recursive: true })
  for (const [part, names] of Object.entries(parts)) {
    await mkdir(join(dir, part))
    const tensors = Object.entries(names).map(([name, origin]): [string, Stored] => {
      const shape = diffusersShape(stored[origin[0]] ?? [], origin, part)
      return [name, { dtype: options.dtype ?? 'F32', shape }]
    })
    const base = part.startsWith('text') ? 'model' : 'diffusion_pytorch_model'
    if (!options.sharded) {
      await writeSafetensors(join(dir, part, `${base}${ending}.safetensors`), tensors)
      continue
    }
    const half = Math.ceil(tensors.length / 2)
    const files = [tensors.slice(0, half), tensors.slice(half)].map((own, i) => ({
      name: `${base}-0000${i + 1}-of-00002${ending}.safetensors`,
      own,
    }))
    for (const { name, own } of files) await writeSafetensors(join(dir, part, name), own)
    const map = files.flatMap(({ name, own }) => own.map(([tensor]) => [tensor, name]))
    const index = `${base}.safetensors.index${ending}.json`
    await writeFile(join(dir, part, index), JSON.stringify({ metadata: {}, weight_map: Object.fromEntries(map) }))
  }
  const configs = { 'model_index.json': { _class_name: 'StableDiffusionPipeline' }, ...options.configs }
  for (const [path, content] of Object.entries(configs)) {
    await mkdir(join(dir, path, '..'), { recursive: true })
    await writeFile(join(dir, path), JSON.stringify(content))
  }
}

function diffusersShape(shape: readonly number[], [name, , transposed]: Origin, part: string): readonly number[] {
  const [rows = 0, ...others] = shape
  if (name.includes('.in_proj_')) return [rows / 3, ...others]
  if (transposed) return shape.toReversed()
  return part === 'vae' && name.includes('.attn_1.') ? shape.slice(0, 2) : shape
}
