import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Checkpoint } from '../checkpoint.ts'
import { CheckpointError } from '../errors.ts'
import { writeGraph } from '../graphs.ts'
import { recognise } from '../kinds/recognise.ts'
import { readCheckpoint } from '../read-checkpoint.ts'
import { asRead, ldmTensors, type TinyFamily } from '../testing/tiny-checkpoints.ts'
import { adapterTensors, controlNetTensors, unionTensors } from '../testing/tiny-controls.ts'
import { type Stored, writeSafetensors } from '../testing/write-safetensors.ts'
import { fitControl } from './fit-control.ts'
import { readControl } from './read-control.ts'

const dir = mkdtempSync(join(tmpdir(), 'pentimento-controls-'))
afterAll(() => rmSync(dir, { recursive: true }))

let files = 0
async function read(tensors: Iterable<[string, Stored]>) {
  const path = join(dir, `${files++}.safetensors`)
  await writeSafetensors(path, tensors)
  return readControl(path)
}

const models = new Map<TinyFamily, Promise<Checkpoint>>()
function model(family: TinyFamily): Promise<Checkpoint> {
  const path = join(dir, `${family}.safetensors`)
  const known = models.get(family) ?? writeSafetensors(path, ldmTensors(family)).then(() => readCheckpoint(path))
  models.set(family, known)
  return known
}

function skipWidths(unet: Checkpoint['weights']['unet'], levels: number): number[] {
  return Array.from({ length: levels }, (_, i) => unet?.get(`down_blocks.${i}.resnets.1.conv2.weight`)?.shape[0] ?? 0)
}

/** What goes with it, and what does not. */
async function fits(control: Awaited<ReturnType<typeof readControl>>, family: TinyFamily): Promise<string | null> {
  try {
    fitControl(control, await model(family))
    return null
  } catch (error) {
    expect(error).toBeInstanceOf(CheckpointError)
    return (error as Error).message
  }
}

describe('a ControlNet', () => {
  it.each(['sd1', 'sd2', 'sdxl'] as const)(
    'of %s goes with models of its family, and is in their graphs',
    async (family) => {
      const control = await read(controlNetTensors(family))
      expect([control.kind, control.family.value]).toEqual(['controlnet', family])
      const others = (['sd1', 'sd2', 'sdxl', 'sdxl-refiner'] as const).filter((other) => other !== family)
      expect(await fits(control, family)).toBeNull()
      for (const other of others)
        expect(await fits(control, other)).toMatch(/^It was made for SD.* and this model is .*\.$/)
      if (family !== 'sd2') expect(await fits(control, `${family}-inpaint`)).toBeNull()
      const whole = { ...(await model(family)), controls: [control, control] }
      for (const dialect of ['cpu', 'webgpu', 'cuda'] as const) {
        const { inputs, weights } = writeGraph(whole, 'unet', dialect)
        expect(inputs.map(({ name }) => name)).toEqual(
          expect.arrayContaining(['control_0_picture', 'control_0_scale', 'control_1_picture', 'control_1_scale']),
        )
        expect(new Set(weights.map(({ name }) => name)).size).toBe(weights.length)
      }
    },
  )

  it('is the same bare, and beside the checkpoint that it was made with', async () => {
    const wrapped = [...controlNetTensors('sd1')]
    const own = [...(await read(wrapped)).weights.keys()].sort()
    const bare = await read(wrapped.map(([name, one]) => [name.replace('control_model.', ''), one]))
    const whole = await read([...wrapped, ...ldmTensors('sd1')])
    for (const { weights } of [bare, whole]) expect([...weights.keys()].sort()).toEqual(own)
    expect(own).toContain('controlnet_cond_embedding.blocks.5.weight')
    const diffusers = await read(own.map((name): [string, Stored] => [name, bare.weights.get(name) as Stored]))
    expect([...diffusers.weights.keys()].sort()).toEqual(own)
  })

  it('is refused with what it is', () => {
    const what = (name: string) =>
      recognise(asRead(new Map([...controlNetTensors('sd1'), [name, { dtype: 'F32', shape: [1] }]]))).what
    expect(what('lora_controlnet')).toBe('a Control-LoRA, which is not supported. Take the full ControlNet')
    expect(what('difference')).toMatch(/^a ControlNet that holds the difference/)
    expect(what('lllite_unet_input_blocks_4_1.conditioning1.0.weight')).toMatch(/^a ControlNet-LLLite/)
  })
})

describe('a union ControlNet', () => {
  it.each(['sd1', 'sdxl'] as const)('of %s goes with its family, with the kind as an input', async (family) => {
    const [first, pro] = [await read(unionTensors(family)), await read(unionTensors(family, 8))]
    expect([first, pro]).toMatchObject([
      { kind: 'controlnet', types: 6, family: { value: family } },
      { kind: 'controlnet', types: 8 },
    ])
    expect(await fits(first, family)).toBeNull()
    const plain = await read(controlNetTensors(family))
    const whole = { ...(await model(family)), controls: [first, plain, pro] }
    for (const dialect of ['cpu', 'webgpu', 'cuda'] as const) {
      const { inputs } = writeGraph(whole, 'unet', dialect)
      const types = inputs.filter(({ name }) => name.endsWith('_type'))
      expect(types.map(({ name, shape }) => [name, ...shape])).toEqual([
        ['control_0_type', 'batch_size', 6],
        ['control_2_type', 'batch_size', 8],
      ])
    }
  })

  it('is refused where it is not complete, or nobody has names for its kinds', async () => {
    const changed = async (change: (tensors: Map<string, Stored>) => void) => {
      const tensors = unionTensors('sd1')
      change(tensors)
      return read(tensors)
    }
    await expect(read(unionTensors('sd1', 7))).rejects.toThrow(/^It is a union of 7 kinds .* 6 and 8 are supported/)
    await expect(changed((all) => all.delete('task_embedding'))).rejects.toThrow('It lacks "task_embedding"')
    await expect(changed((all) => all.delete('spatial_ch_projs.bias'))).rejects.toThrow('lacks "spatial_ch_projs.bias"')
    await expect(changed((all) => all.delete('transformer_layes.0.ln_1.weight'))).rejects.toThrow(/not complete/)
    const odd = changed((all) => all.set('transformer_layes.0.attn.in_proj_weight', { dtype: 'F32', shape: [32, 32] }))
    await expect(odd).rejects.toThrow(/not three times as many/)
    const wrapped = [...controlNetTensors('sd1'), ['control_model.task_embedding', { dtype: 'F32', shape: [6, 32] }]]
    await expect(read(wrapped as [string, Stored][])).rejects.toThrow(/none of a ControlNet's layers/)
  })
})

describe('a T2I-Adapter', () => {
  it('goes with UNets of its channels', async () => {
    const { weights } = await model('sd1')
    const widths = skipWidths(weights.unet, 4)
    const control = await read(adapterTensors(widths))
    expect([control.kind, control.family.value]).toEqual(['t2i-adapter', 'sd1'])
    expect(await fits(control, 'sd1')).toBeNull()
    expect(await fits(control, 'sdxl')).toBe(
      'It was made for SD 1.x (it sees squares of 8 pixels), and this model is SDXL.',
    )
    const wider = await read(adapterTensors(widths.map((width, i) => (i === 2 ? width + 8 : width))))
    expect(await fits(wider, 'sd1')).toMatch(/^It adds channels .* where this model's UNet has/)
    const grey = await read(adapterTensors(widths, { colours: 1 }))
    expect(writeGraph({ ...(await model('sd1')), controls: [grey] }, 'unet', 'cuda').inputs.length).toBe(5)
  })

  it('of SDXL ends in the middle', async () => {
    const widths = skipWidths((await model('sdxl')).weights.unet, 3)
    const control = await read(adapterTensors([...widths, widths.at(-1) ?? 0], { gathered: 16 }))
    expect(control.family.value).toBe('sdxl')
    expect(await fits(control, 'sdxl')).toBeNull()
  })
})

it('a control that was spoiled is refused with a sentence, or is a graph', { timeout: 60_000 }, async () => {
  const sd1 = await model('sd1')
  const originals = [
    controlNetTensors('sd1'),
    adapterTensors(skipWidths(sd1.weights.unet, 4)),
    unionTensors('sd1'),
    // What a union has besides, since most of it is a ControlNet.
    unionTensors('sd1', 8),
  ]
  const mutation = fc.record({
    which: fc.constantFrom(0, 1, 2, 3),
    at: fc.nat(),
    shape: fc.array(fc.constantFrom(0, 1, 2, 3, 4, 32, 64), { maxLength: 5 }),
    dtype: fc.constantFrom('F32', 'F16', 'I64', 'U8'),
    removed: fc.boolean(),
    renamed: fc.option(fc.string(), { freq: 5 }),
  })
  const controlNetNamed = new Set((await read(controlNetTensors('sd1'))).weights.keys())
  const counts = { written: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(mutation, async ({ which, at, shape, dtype, removed, renamed }) => {
      const tensors = new Map(originals[which])
      const names = [...tensors.keys()].filter((one) => which < 3 || !controlNetNamed.has(one))
      const name = names[at % names.length] ?? ''
      if (removed || renamed !== null) tensors.delete(name)
      if (!removed) tensors.set(renamed ?? name, { dtype, shape } as Stored)
      try {
        const control = await read(tensors)
        fitControl(control, sd1)
        writeGraph({ ...sd1, controls: [control] }, 'unet', 'cpu')
        counts.written++
      } catch (error) {
        expect(error).toBeInstanceOf(CheckpointError)
        expect((error as Error).message).toMatch(/^[A-Z].*\.$/s)
        counts.refused++
      }
    }),
    { numRuns: 500 },
  )
  expect(counts.refused).toBeGreaterThan(350)
})
