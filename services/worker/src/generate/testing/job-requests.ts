import {
  fallbackDefaults,
  type InpaintParameters,
  inpaintFields,
  type JobInput,
  type JobRequest,
  type Parameters,
  type Resolved,
  requestVersion,
  resolveInpaintParameters,
  resolveParameters,
  resolveTxt2imgParameters,
  type Txt2imgParameters,
  txt2imgFields,
} from '@pentimento/contracts'

const model = {
  family: 'sd1',
  native_size: 512,
  sizes: { min: 64, max: 512, multiple: 8 },
  defaults: fallbackDefaults,
  unsupported: [],
}
const input = { width: 64, height: 64 }
const fields = inpaintFields.parse({ prompt: 'a red circle', ...input, seed: 42 })
const parameters = effective(resolveParameters(fields, model, input))
const inpaintParameters = effective(resolveInpaintParameters(fields, model, input, true))

function effective<P>(resolved: Resolved<P>): P {
  if (!resolved.ok) throw new Error(resolved.issues.map(({ detail }) => detail).join())
  return resolved.parameters
}

const base = {
  version: requestVersion,
  tenant: 'default',
  model: 'tiny-sd1',
  metadata: {},
  expires_in: 3600,
  deadline: 600,
  webhook: null,
  traceparent: null,
} as const

const size = { bytes: 100, width: 8, height: 8 }
export const imageInput: JobInput = { name: 'image', role: 'source', key: 'image.png', ...size }
const maskInput: JobInput = { name: 'mask', role: 'mask', key: 'mask.png', ...size }

/** An accepted img2img job of 64×64 pixels, 25 steps at 0.75. */
export function img2imgRequest(overrides: Partial<Parameters> = {}): JobRequest & { kind: 'img2img' } {
  return {
    ...base,
    kind: 'img2img',
    inputs: [imageInput],
    parameters: { ...parameters, ...overrides },
  }
}

/** The same from noise alone. */
export function txt2imgRequest(overrides: Partial<Txt2imgParameters> = {}): JobRequest & { kind: 'txt2img' } {
  const fields = txt2imgFields.parse({ prompt: 'a red circle', ...input, seed: 42 })
  const parameters = { ...effective(resolveTxt2imgParameters(fields, model)), ...overrides }
  return { ...base, kind: 'txt2img', inputs: [], parameters }
}

/** The same with a mask file. */
export function inpaintRequest(overrides: Partial<InpaintParameters> = {}): JobRequest & { kind: 'inpaint' } {
  return {
    ...base,
    kind: 'inpaint',
    inputs: [imageInput, maskInput],
    parameters: { ...inpaintParameters, ...overrides },
  }
}
