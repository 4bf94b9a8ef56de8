import { decodeRgb, encode } from '@pentimento/images'
import { describe, expect, it } from 'vitest'
import { decodeLimits } from '../../submit/decoding.ts'
import type { KnownModel } from '../../submit/find-model.ts'
import type { Holder } from '../../submit/holder.ts'
import type { Asked } from '../submit-job.ts'
import { readUnit } from './control-unit.ts'
import { withUnits } from './with-units.ts'

const adapter = { alias: null, family: 'sd1', unfit: {} }
const model = {
  id: 'm',
  family: 'sd1',
  layout: 'file',
  adapters: [
    { ...adapter, kind: 'controlnet', name: 'sub/Edges' },
    { ...adapter, kind: 'controlnet', name: 'union', control_types: ['openpose', 'lineart'] },
    { ...adapter, kind: 't2i-adapter', name: 'sketch' },
    { ...adapter, kind: 'ip-adapter', name: 'like' },
    { ...adapter, kind: 'lora', name: 'other' },
  ],
} as unknown as KnownModel
const holder: Holder = {
  tenant: 't',
  gone: new AbortController().signal,
  upload: { take: async () => {}, close: () => {} },
}

/** Left half dark, right half bright. */
async function picture(width: number, height: number): Promise<Buffer> {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) =>
    Math.floor(i / 3) % width < width / 2 ? 20 : 220,
  )
  return encode({ width, height, data }, { format: 'png', quality: null, metadata: null })
}
const job = (fields: object, kind: Asked['kind'] = 'txt2img', files: Asked['files'] = []): Asked => ({
  kind,
  files,
  warnings: [],
  fields: { width: 64, height: 64, ...fields },
})
const withSent = (units: object[], jobs = [job({})]) =>
  withUnits(
    jobs,
    units.map((unit, i) => readUnit(unit as Record<string, unknown>, i, { hires: false })),
    { model, holder },
  )

describe('units of a job', () => {
  it('become native fields, IP-Adapters apart', async () => {
    const image = (await picture(64, 64)).toString('base64')
    const { jobs, ignored } = await withSent([
      {
        image,
        module: 'canny',
        model: 'edges [d14c016b]',
        weight: 0.5,
        guidance_end: 0.8,
        threshold_a: 64,
        processor_res: 512,
      },
      { image, module: 'ip-adapter-auto', model: 'LIKE', weight: 0.7 },
      { image, module: 'invert', model: 'sketch.safetensors' },
    ])
    expect(jobs[0]?.fields).toEqual({
      width: 64,
      height: 64,
      control_model: 'sub/Edges',
      control_scale: 0.5,
      control_start: 0,
      control_end: 0.8,
      control_preprocessor: 'canny',
      control_canny_low: 64,
      control_canny_high: 200,
      reference_model: 'like',
      reference_scale: 0.7,
      control_2_model: 'sketch',
      control_2_scale: 1,
      control_2_start: 0,
      control_2_end: 1,
      control_2_preprocessor: 'invert',
    })
    expect(jobs[0]?.files.map(({ name }) => name)).toEqual(['control_image', 'reference_image', 'control_2_image'])
    expect(ignored).toEqual(['ControlNet unit 0 processor_res'])
  })

  it('say of a union alone what kind of picture it is given', async () => {
    const image = (await picture(64, 64)).toString('base64')
    const unit = { image, union_control_type: 'OpenPose' }
    const { jobs } = await withSent([
      { ...unit, model: 'union' },
      { ...unit, model: 'edges' },
      { image, model: 'union', module: 'canny' },
    ])
    const { control_type, control_2_type, control_3_type } = jobs[0]?.fields ?? {}
    // Without a word the native rule takes it from the preprocessor.
    expect({ control_type, control_2_type, control_3_type }).toEqual({ control_type: 'openpose' })
  })

  it.each([
    ['cut', 'Crop and Resize', 'txt2img', {}, [20, 220], [64, 64]],
    ['whole, its edges going on', 'Resize and Fill', 'txt2img', {}, [20, 220], [64, 64]],
    ['as it is, to be stretched', 'Just Resize', 'txt2img', {}, [20, 220], [128, 64]],
    [
      'as it is, where the painted picture is cut too',
      'Crop and Resize',
      'img2img',
      { resize_mode: 'crop' },
      [20, 220],
      [128, 64],
    ],
    ['stretched, where that one is cut', 'Just Resize', 'img2img', { resize_mode: 'crop' }, [20, 220], [64, 64]],
    [
      'cut to the whole picture around a mask',
      'Crop and Resize',
      'inpaint',
      { inpaint_area: 'masked' },
      [20, 220],
      [96, 96],
    ],
  ] as const)('send a picture %s', async (_, resize_mode, kind, fields, [left, right], size) => {
    const image = (await picture(128, 64)).toString('base64')
    const source = { name: 'image', bytes: await picture(96, 96) }
    const { jobs } = await withSent([{ image, model: 'edges', resize_mode }], [job(fields, kind, [source])])
    const bytes = jobs[0]?.files.find(({ name }) => name === 'control_image')?.bytes ?? Buffer.alloc(0)
    const sent = (await decodeRgb(bytes, decodeLimits)).image
    expect([sent.width, sent.height]).toEqual(size)
    const middle = Math.floor(sent.height / 2) * sent.width
    expect(sent.data[middle * 3]).toBeCloseTo(left, -1)
    expect(sent.data[(middle + sent.width - 1) * 3]).toBeCloseTo(right, -1)
    expect(sent.data[0]).toBeCloseTo(left, -1)
  })

  it('pass a picture of the painted shape on as it is', async () => {
    const bytes = await picture(96, 96)
    const { jobs } = await withSent([{ image: bytes.toString('base64'), model: 'edges' }], [job({}), job({})])
    for (const { files } of jobs) expect(files[0]?.bytes).toEqual(bytes)
  })

  it('look at the picture that is painted over, without one of their own', async () => {
    const source = { name: 'image', bytes: await picture(64, 64) }
    const units = [{ model: 'edges' }, { model: 'like', module: 'ip-adapter_clip_h' }]
    const { jobs } = await withSent(units, [job({ resize_mode: 'crop' }, 'img2img', [source])])
    expect(jobs[0]?.files).toEqual([source, { name: 'reference_image', bytes: source.bytes }])
    await expect(withSent([{ model: 'edges' }])).rejects.toThrow('no input image is given')
  })

  it('have no mask of their own, but for one of nothing', async () => {
    const image = (await picture(64, 64)).toString('base64')
    const black = await encode(
      { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) },
      { format: 'png', quality: null, metadata: null },
    )
    const { jobs } = await withSent([{ image: { image, mask: black.toString('base64') }, model: 'edges' }])
    expect(jobs[0]?.files).toHaveLength(1)
    await expect(withSent([{ image, mask: image, model: 'edges' }])).rejects.toThrow('no mask of its own')
  })

  it('are refused where there are too many, or their pictures are none', async () => {
    const image = (await picture(64, 64)).toString('base64')
    const unit = { image, model: 'edges' }
    await expect(withSent([unit, unit, unit, unit])).rejects.toThrow('at most 3')
    const reference = { image, model: 'like', module: 'ip-adapter-auto' }
    await expect(withSent([reference, reference])).rejects.toThrow('one IP-Adapter')
    await expect(withSent([{ ...unit, image: 'AAAA' }])).rejects.toThrow('not a PNG')
    await expect(withSent([{ ...unit, image: 'https://example.org/a.png' }])).rejects.toThrow('Invalid encoded image')
  })
})
