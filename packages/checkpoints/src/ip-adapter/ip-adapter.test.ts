import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { CheckpointError } from '../errors.ts'
import { readImageEncoder } from '../image-encoder/read-image-encoder.ts'
import { writeImageEncoder } from '../image-encoder/write-image-encoder.ts'
import { imageEncoderShapes, ipAdapterShapes, openClipNames } from '../testing/ip-adapters.ts'
import { networks, type Shapes } from '../testing/networks.ts'
import { asRead } from '../testing/tiny-checkpoints.ts'
import { type Stored, writeSafetensors } from '../testing/write-safetensors.ts'
import { fitIpAdapter, readsEncoder } from './fit-ip-adapter.ts'
import { readIpAdapter } from './read-ip-adapter.ts'
import { writeIpAdapter } from './write-ip-adapter.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-ip-adapters-'))
afterAll(() => rmSync(dir, { recursive: true }))

const stored = (shapes: Shapes) =>
  Object.entries(shapes).map(([name, shape]): [string, Stored] => [name, { dtype: 'F16', shape }])

let files = 0
async function written(tensors: Iterable<[string, Stored]>): Promise<string> {
  const path = join(dir, `${files++}.safetensors`)
  await writeSafetensors(path, tensors)
  return path
}
const read = async (shapes: Shapes) => readIpAdapter(await written(stored(shapes)))
const readEncoder = async (shapes: Shapes) => readImageEncoder(await written(stored(shapes)))

describe('an IP-Adapter', () => {
  it.each(['plain', 'plus', 'full'] as const)('is told by its names: %s', async (kind) => {
    const adapter = await read(ipAdapterShapes(kind))
    const tokens = { plain: 4, plus: 3, full: null }[kind]
    expect(adapter).toMatchObject({ kind, tokens, contextWidth: 48, encoderWidth: 40, widths: [32, 64, 64] })
    const { inputs, outputs } = writeIpAdapter(adapter, 'cpu')
    expect(inputs.map(({ name }) => name)).toEqual([kind === 'plain' ? 'image_embeds' : 'hidden_states'])
    expect(outputs).toMatchObject([
      { name: 'image_keys', shape: ['batch_size', 'tokens', 160] },
      { name: 'image_values', shape: ['batch_size', 'tokens', 160] },
    ])
  })

  it('is refused with what it is or lacks', async () => {
    const { 'ip_adapter.3.to_v_ip.weight': _, ...without } = ipAdapterShapes('plain')
    await expect(read(without)).rejects.toThrow('It lacks "ip_adapter.3.to_v_ip.weight": it is not complete.')
    const gap = ipAdapterShapes('plain')
    for (const which of ['to_k_ip', 'to_v_ip']) delete gap[`ip_adapter.3.${which}.weight`]
    await expect(read(gap)).rejects.toThrow('It has "ip_adapter.5.to_k_ip.weight", which is none of')
    await expect(read({ emb_params: [1, 768] })).rejects.toThrow('and no IP-Adapter.')
  })

  it.each([
    ['image_proj.proj.0.weight', [64, 512]],
    ['image_proj.perceiver_resampler.proj_in.weight', [64, 1280]],
    ['ip_adapter.0.to_q_lora.down.weight', [128, 320]],
  ])('FaceID is refused with the reason: %s', async (name, shape) => {
    const { 'image_proj.proj.weight': _, 'image_proj.proj.bias': __, ...others } = ipAdapterShapes('plain')
    await expect(read({ ...others, [name]: shape })).rejects.toThrow(/FaceID, .*insightface.*not be used commercially/)
  })

  it('is held to the layers of a model that read the text, in the order down, up, middle', async () => {
    const shapes = networks.unets.sd1?.shapes ?? {}
    const unet = asRead(new Map(stored(shapes)))
    const model = { family: { value: 'sd1' as const, told: '' }, weights: { unet }, heads: {} }
    const crossed = Object.entries(shapes).filter(([name]) => name.endsWith('attn2.to_k.weight'))
    const order = ['down', 'up', 'mid'].flatMap((part) => crossed.filter(([name]) => name.startsWith(part)))
    const widths = order.map(([, [width = 0]]) => width)
    const context = crossed[0]?.[1][1] ?? 0
    expect(new Set(widths).size).toBeGreaterThan(1)
    fitIpAdapter(await read(ipAdapterShapes('plain', { context, widths })), model)
    const other = await read(ipAdapterShapes('plus', { context: 2048, widths: [64] }))
    expect(() => fitIpAdapter(other, model)).toThrow(
      `It was made for SDXL, a model with 1 layers that read 2048 numbers a token; this model, SD 1.x, has ${widths.length} that read ${context}.`,
    )
    const turned = await read(ipAdapterShapes('plain', { context, widths: [...widths.slice(1), 32] }))
    expect(() => fitIpAdapter(turned, model)).toThrow(/of other widths\.$/)
  })
})

describe('an image encoder', () => {
  it('is told by its shapes, and by the file beside it', async () => {
    const shapes = imageEncoderShapes()
    const encoder = await readEncoder(shapes)
    expect(encoder).toMatchObject({ side: 32, patch: 8, width: 40, layers: 2, heads: 1, projected: 24 })
    expect(encoder.activation).toBe('gelu')
    const path = await written(stored(shapes))
    writeFileSync(path.replace('.safetensors', '.json'), '{"num_attention_heads": 5, "hidden_act": "quick_gelu"}')
    expect(await readImageEncoder(path)).toMatchObject({ heads: 5, activation: 'quick_gelu' })
    writeFileSync(path.replace('.safetensors', '.json'), '{"num_attention_heads": 3}')
    await expect(readImageEncoder(path)).rejects.toThrow('cannot have 3 heads over 40 numbers')
  })

  it.each([
    [1280, 1024, 14, 16, 'gelu'],
    [1664, 1280, 14, 16, 'gelu'],
    [1024, 768, 14, 16, 'quick_gelu'],
  ])('of %i numbers is the known one', async (width, projected, patch, heads, activation) => {
    const encoder = await readEncoder(imageEncoderShapes({ width, projected, patch, squares: 16 }))
    expect(encoder).toMatchObject({ side: 224, heads, activation })
  })

  it('is the same by the names of OpenCLIP', async () => {
    const shapes = imageEncoderShapes()
    const own = await readEncoder(shapes)
    const open = await readEncoder(openClipNames(shapes))
    expect([...open.weights.keys()].sort()).toEqual([...own.weights.keys()].sort())
    expect(open).toMatchObject({ side: 32, projected: 24 })
    expect(writeImageEncoder(open, 'summary', 'cpu').outputs).toEqual(writeImageEncoder(own, 'summary', 'cpu').outputs)
  })

  it('goes with adapters that read what it gives', async () => {
    const encoder = await readEncoder(imageEncoderShapes({ width: 40, projected: 24 }))
    expect(readsEncoder(await read(ipAdapterShapes('plus', { reads: 40 })), encoder)).toBe(true)
    expect(readsEncoder(await read(ipAdapterShapes('plain', { reads: 40 })), encoder)).toBe(false)
    expect(readsEncoder(await read(ipAdapterShapes('plain', { reads: 24 })), encoder)).toBe(true)
  })
})

it('what was spoiled is refused with a sentence, or is a graph', async () => {
  const sources = {
    plain: ipAdapterShapes('plain'),
    plus: ipAdapterShapes('plus'),
    full: ipAdapterShapes('full'),
    encoder: imageEncoderShapes(),
    'OpenCLIP encoder': openClipNames(imageEncoderShapes()),
  }
  const mutation = fc.record({
    label: fc.constantFrom(...(Object.keys(sources) as (keyof typeof sources)[])),
    at: fc.nat(),
    shape: fc.array(fc.constantFrom(0, 1, 3, 8, 17, 24, 40, 48, 64), { maxLength: 5 }),
    dtype: fc.constantFrom('F32', 'F16', 'I64', 'U8'),
    change: fc.constantFrom('removed', 'shape', 'dtype', 'renamed'),
  })
  const counts = { written: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(mutation, async ({ label, at, shape, dtype, change }) => {
      const tensors = new Map(stored(sources[label]))
      const name = [...tensors.keys()][at % tensors.size] ?? ''
      const own = tensors.get(name) ?? { dtype: 'F16', shape: [] }
      if (change === 'removed' || change === 'renamed') tensors.delete(name)
      if (change === 'renamed') tensors.set(`${name}x`, own)
      if (change === 'shape') tensors.set(name, { ...own, shape })
      if (change === 'dtype') tensors.set(name, { ...own, dtype } as Stored)
      try {
        const path = await written(tensors)
        if (label.endsWith('encoder')) writeImageEncoder(await readImageEncoder(path), 'squares', 'cpu')
        else writeIpAdapter(await readIpAdapter(path), 'cpu')
        counts.written++
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError)
        expect((error as Error).message).toMatch(/^[A-Z].*\.$/)
        counts.refused++
      }
    }),
    { numRuns: 500 },
  )
  expect(counts.refused).toBeGreaterThan(200)
  expect(counts.written).toBeGreaterThan(20)
})
