import { ldmTensors, numberedFile, type Stored, type TinyFamily } from '@pentimento/checkpoints/testing'

/**
 * A small checkpoint as a single safetensors file: names and shapes as diffusers takes them (tools/checkpoints), and
 * random numbers that keep values within bounds. Its pictures are noise. Text encoders have CLIP's own vocabulary.
 *
 * @param without names that are left out
 */
export function ldmFile(family: TinyFamily, dtype: 'F32' | 'F16' = 'F32', without?: RegExp): Buffer {
  const kept = [...ldmTensors(family, dtype)].filter(([name]) => !without?.test(name))
  const wide = ([name, { shape, ...rest }]: [string, Stored]): [string, Stored] => [
    name,
    { ...rest, shape: name.includes('token_embedding') ? [49_408, ...shape.slice(1)] : shape },
  ]
  return numberedFile(new Map(kept.map(wide)))
}
