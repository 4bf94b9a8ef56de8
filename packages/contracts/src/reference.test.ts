import { expect, it } from 'vitest'
import type { AdapterEntry } from './catalog.ts'
import { resolveReference } from './reference.ts'

const entry = (name: string, family: string | null, unfit: AdapterEntry['unfit'] = {}): AdapterEntry => ({
  kind: 'ip-adapter',
  name,
  alias: null,
  family,
  unfit,
})
const model = { id: 'mine', family: 'sd1', layout: 'file' as const }
const adapters = [
  entry('face', 'sd1'),
  entry('xl', 'sdxl'),
  entry('blind', null, { mine: 'blind: It reads an image encoder, and image-encoder/ of MODELS_DIR has none.' }),
]
const asked = (reference_model?: string) => ({ reference_model, reference_scale: 0.4 })
const issuesOf = (...args: Parameters<typeof resolveReference>) =>
  resolveReference(...args).issues.map(({ code, pointer, detail }) => `${code} ${pointer} ${detail}`)

it('takes the adapter that is named, or the only one that goes with the model', () => {
  const values = { reference_model: 'face', reference_scale: 0.4 }
  for (const name of ['face', undefined])
    expect(resolveReference(asked(name), true, model, adapters)).toEqual({ values, issues: [] })
})

it('says nothing of adapter and scale without a picture, unless one is named', () => {
  const values = { reference_model: null, reference_scale: null }
  expect(resolveReference(asked(), false, model, adapters)).toEqual({ values, issues: [] })
  expect(issuesOf(asked('face'), false, model, adapters)).toEqual([
    'image_required /reference_image reference_model needs a picture: send reference_image',
  ])
})

it('refuses what is not there or does not fit, with the reason', () => {
  expect(issuesOf(asked('none'), true, model, adapters)).toEqual([
    'unknown_reference_model /reference_model there is no IP-Adapter "none"; known: face',
  ])
  expect(issuesOf(asked('xl'), true, model, adapters)).toEqual([
    'not_supported /reference_model xl was made for SDXL, and this model is SD 1.x',
  ])
  expect(issuesOf(asked('blind'), true, model, adapters)).toEqual([
    'not_supported /reference_model blind: It reads an image encoder, and image-encoder/ of MODELS_DIR has none.',
  ])
  expect(issuesOf(asked(), true, model, [entry('xl', 'sdxl')])).toEqual([
    'unknown_reference_model /reference_model this model has no IP-Adapter (xl was made for SDXL, and this model is SD 1.x)',
  ])
  expect(issuesOf(asked(), true, model, [...adapters, entry('plus', 'sd1')])).toEqual([
    'invalid_fields /reference_model say which IP-Adapter reads the picture; known: face, plus',
  ])
  expect(issuesOf(asked(), true, { ...model, layout: 'onnx' }, adapters)).toEqual([
    'not_supported /reference_image this model is a folder of ONNX graphs, and only models of .safetensors take a reference picture',
  ])
  expect(issuesOf(asked('face'), true, model, null)[0]).toMatch(/^no_worker /)
})
