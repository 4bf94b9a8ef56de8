import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import type { Shapes } from '../testing/networks.ts'
import { upscalerCases, upscalerDifference } from '../testing/upscalers.ts'
import { type Stored, writeSafetensors } from '../testing/write-safetensors.ts'
import { readUpscaler } from './read-upscaler.ts'
import { writeUpscaler } from './write-upscaler.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-upscalers-'))
afterAll(() => rmSync(dir, { recursive: true }))

const shapesOf = (label: string): Shapes => upscalerCases[label]?.shapes ?? {}
const stored = (shapes: Shapes, rename: (name: string) => string = (name) => name) =>
  Object.entries(shapes).map(([name, shape]): [string, Stored] => [rename(name), { dtype: 'F32', shape }])

let files = 0
async function read(tensors: Iterable<[string, Stored]>) {
  const path = join(dir, `${files++}.safetensors`)
  await writeSafetensors(path, tensors)
  return readUpscaler(path)
}

describe('an upscaler', () => {
  it.each(Object.keys(upscalerCases))('answers what torch does: %s', async (label) => {
    expect(await upscalerDifference(label)).toBeLessThan(1e-5)
    const { scale } = await read(stored(shapesOf(label)))
    expect(`x${scale}`).toBe(/x\d/.exec(label)?.[0])
  })

  it('is the same by older names, and in what trainers put around it', async () => {
    const shapes = shapesOf('esrgan x4')
    const own = [...(await read(stored(shapes))).weights.keys()].sort()
    const trunk = (name: string) =>
      name
        .replace(/^body\.(\d+)\.rdb(\d)/, 'RRDB_trunk.$1.RDB$2')
        .replace('conv_body', 'trunk_conv')
        .replace('conv_up', 'upconv')
        .replace('conv_hr', 'HRconv')
    const places = (name: string) =>
      name
        .replace('conv_first', 'model.0')
        .replace(/^body\.(\d+)\.rdb(\d)\.conv(\d)/, 'model.1.sub.$1.RDB$2.conv$3.0')
        .replace('conv_body', 'model.1.sub.2')
        .replace(/^conv_up(\d)/, (_, i) => `model.${Number(i) * 3}`)
        .replace('conv_hr', 'model.8')
        .replace('conv_last', 'model.10')
    for (const rename of [trunk, places, (name: string) => `params_ema.${name}`]) {
      const { weights, scale, kind } = await read(stored(shapes, rename))
      expect([[...weights.keys()].sort(), scale, kind]).toEqual([own, 4, 'esrgan'])
      expect(weights.get('conv_up2.weight')?.shape).toEqual([16, 16, 3, 3])
    }
  })

  it('is refused with what it is or lacks', async () => {
    const shapes = shapesOf('esrgan x1')
    const { 'conv_last.weight': _, ...without } = shapes
    await expect(read(stored(without))).rejects.toThrow('It lacks "conv_last.weight": it is not complete.')
    await expect(read(stored({ ...shapes, 'body.0.rdb1.conv1x1.weight': [1] }))).rejects.toThrow(
      'It has "body.0.rdb1.conv1x1.weight", which is none of ESRGAN\'s layers: it is of another kind.',
    )
    await expect(read(stored({ ...shapes, 'conv_first.weight': [16, 1, 3, 3] }))).rejects.toThrow('three colours')
    await expect(read([['emb_params', { dtype: 'F32', shape: [1, 768] }]])).rejects.toThrow(
      'It is an embedding (textual inversion) (it has "emb_params" and little else), and no upscaler.',
    )
  })

  it('that was spoiled is refused with a sentence, or is a graph', async () => {
    const labels = ['esrgan x2 of gathered pixels', 'compact x2'] as const
    const mutation = fc.record({
      label: fc.constantFrom(...labels),
      at: fc.nat(),
      shape: fc.array(fc.constantFrom(0, 1, 2, 3, 8, 12, 16), { maxLength: 5 }),
      dtype: fc.constantFrom('F32', 'F16', 'I64', 'U8'),
      removed: fc.boolean(),
    })
    const counts = { written: 0, refused: 0 }
    await fc.assert(
      fc.asyncProperty(mutation, async ({ label, at, shape, dtype, removed }) => {
        const tensors = new Map(stored(shapesOf(label)))
        const name = [...tensors.keys()][at % tensors.size] ?? ''
        if (removed) tensors.delete(name)
        else tensors.set(name, { dtype, shape } as Stored)
        try {
          writeUpscaler(await read(tensors))
          counts.written++
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError)
          expect((error as Error).message).toMatch(/^[A-Z].*\.$/)
          counts.refused++
        }
      }),
      { numRuns: 200 },
    )
    expect(counts.refused).toBeGreaterThan(50)
  })
})
