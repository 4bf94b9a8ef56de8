import { ldmTensors, numberedFile, type Stored } from '@pentimento/checkpoints/testing'

/**
 * Where each block of the small UNet has its names and shapes from: two levels down and up, with one block each, the
 * lower one without attention, as the lowest of SD 1 is.
 */
const blocks: Record<string, Record<string, number>> = {
  input_blocks: { 0: 0, 1: 1, 3: 2, 10: 3 },
  output_blocks: { 0: 0, 2: 1, 10: 2, 11: 3 },
}

/**
 * A checkpoint of SD 1's kind, in halves, that a driver makes few programs for: every layer is as wide as the others.
 * Numbers as in {@link ../folder/ldm-file.testing.ts}.
 */
export function oneWidthFile(): Buffer {
  const kept = [...ldmTensors('sd1', 'F16')].flatMap(([name, { dtype, shape }]): [string, Stored][] => {
    const own = ownName(name)
    return own === undefined ? [] : [[own, { dtype, shape: ownShape(own, shape) }]]
  })
  return numberedFile(new Map(kept))
}

function ownName(name: string): string | undefined {
  if (name.startsWith('first_stage_model')) {
    const isMore = /\.down\.\d\.block\.1|\.up\.\d\.block\.[12]|nin_shortcut/.test(name)
    return isMore ? undefined : name
  }
  const [, start, part = '', block = '', rest] = /^(.*\.)(input_blocks|output_blocks)\.(\d+)\.(.*)$/.exec(name) ?? []
  if (start === undefined) return name
  const place = blocks[part]?.[block]
  if (place === undefined || (part === 'input_blocks' && name.includes('skip_connection'))) return undefined
  return `${start}${part}.${place}.${rest}`
}

function ownShape(name: string, shape: readonly number[]): readonly number[] {
  if (name.includes('token_embedding')) return [49_408, ...shape.slice(1)]
  if (!/^(model\.diffusion_model|first_stage_model)\./.test(name)) return shape
  // Of what comes from below and of what is handed over.
  if (/output_blocks\.\d\.0\.in_layers\.0/.test(name)) return [64]
  if (/output_blocks\.\d\.0\.(in_layers\.2|skip_connection)\.weight/.test(name)) return [32, 64, ...shape.slice(2)]
  const half = new Set([64, 512, ...(shape.includes(64) ? [256] : [])])
  return shape.map((length) => (half.has(length) ? length / 2 : length))
}
