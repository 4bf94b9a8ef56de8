import { fallbackDefaults, type ModelEntry } from '@pentimento/contracts'
import { expect, it } from 'vitest'
import { jobsOf, type Wanted } from './openai/to-jobs.ts'
import { readInput } from './replicate/read-input.ts'

const sizes = { min: 64, max: 1024, multiple: 8 }
const model = { id: 'm', family: 'sd1', native_size: 512, sizes, defaults: fallbackDefaults } as unknown as ModelEntry
const bytes = new Uint8Array(1)
const size = { width: 512, height: 256 }
const by = { extend_left: '128', extend_top: 64 }
const grown = { kind: 'inpaint', fields: { extend_left: '128', extend_top: 64, width: 640, height: 320 } }

it('lets a canvas grow by native names, with a mask and without, at the size that it comes to', () => {
  for (const mask of [null, bytes]) {
    const input = { prompt: 'a pear', ...by, composite: true }
    expect(readInput(input, model, { image: bytes, mask, size })).toMatchObject(grown)
    const fields = { prompt: 'a pear', n: 1, output_format: 'png', output_compression: 100, ...by }
    const wanted = { fields, model, image: { bytes, ...size }, mask } as unknown as Wanted
    expect(jobsOf(wanted)).toMatchObject([grown])
  }
})

it('leaves what does not grow as it was', () => {
  expect(readInput({ prompt: 'a pear' }, model, { image: bytes, mask: null, size })).toMatchObject({ kind: 'img2img' })
  expect(readInput({ prompt: 'a pear' }, model, { image: bytes, mask: bytes, size })).toMatchObject({
    kind: 'inpaint',
    fields: { width: 512, height: 256, mask_mode: 'white', composite: true },
  })
})
