import { controlTypes, preprocess } from '@pentimento/vocabulary'
import type { UnetRow } from '../denoise/unet-row.ts'
import { PipelineError } from '../errors.ts'
import type { ControlSignature } from '../folder/signature.ts'
import { pilResize } from '../images/pil-resize.ts'
import { crop } from '../images/raster.ts'
import { fitImage } from '../images/resize-modes.ts'
import type { ControlUse, GenerateRequest, RgbImage } from '../request.ts'
import { maskFit, type WorkingMask } from './working-mask.ts'

/**
 * The inputs of all networks beside the UNet for the part of a run between two shares of it: the same object wherever
 * the same ones count.
 */
export type ControlsAt = (from: number, to: number) => UnetRow['inputs']

/**
 * As diffusers counts it: a network counts in the steps that lie wholly between its start and its end.
 *
 * @throws PipelineError `not_supported` if a union ControlNet is given no kind of picture, or one that it does not know
 */
export function controlsOver(
  signatures: readonly ControlSignature[],
  request: GenerateRequest,
  masked: WorkingMask | null,
): ControlsAt {
  const controls = signatures.map((signature, i) => {
    const use = request.controls?.[i]
    const type = typeInput(signature, use)
    return { ...signature, use, type, floats: controlPicture(signature, use, request, masked) }
  })
  const known = new Map<string, UnetRow['inputs']>()
  return (from, to) => {
    const scales = controls.map(({ use }) => (use && from >= use.start && to <= use.end ? use.scale : 0))
    const inputs =
      known.get(scales.join()) ??
      Object.fromEntries(
        controls.flatMap(({ picture, scale, type, floats }, i) => [
          [picture, floats],
          [scale, { data: Float32Array.of(scales[i]), dims: [] }],
          ...type,
        ]),
      )
    known.set(scales.join(), inputs)
    return inputs
  }
}

/** Of a union, the kind of its picture among those that it tells apart. */
function typeInput({ type }: ControlSignature, use: ControlUse | undefined): [string, UnetRow['inputs'][string]][] {
  if (!type) return []
  const data = new Float32Array(type.count)
  if (use) {
    const place = use.type ? controlTypes.indexOf(use.type) : -1
    if (place < 0 || place >= type.count)
      throw new PipelineError(
        'not_supported',
        `control_type: this union ControlNet takes ${controlTypes.slice(0, type.count).join(', ')}.`,
      )
    data[place] = 1
  }
  return [[type.name, { data, dims: [type.count] }]]
}

/** As the network takes it: planar, in 0 … 1, at the working size. */
function controlPicture(
  { multiple, type }: ControlSignature,
  use: ControlUse | undefined,
  request: GenerateRequest,
  masked: WorkingMask | null,
): UnetRow['inputs'][string] {
  const up = (side: number) => Math.ceil(side / multiple) * multiple
  const dims = [3, up(request.height), up(request.width)]
  const data = new Float32Array(dims[0] * dims[1] * dims[2])
  const given = use && (use.image ?? request.image)
  if (!given) return { data, dims }
  const fitted = fittedControl(given, request, masked)
  const image: RgbImage = { ...fitted, data: fitted.data.slice() }
  preprocess(image, 3, use.preprocessor, use.thresholds)
  const open = use.preprocessor === 'inpaint' ? (masked?.mask ?? null) : null
  // A union has learnt black, and those for inpainting alone what is no colour.
  const nothing = type ? 0 : -1
  const [, height, width] = dims
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      // Beyond its edges the picture goes on as it ends.
      const row = Math.min(y, image.height - 1) * image.width
      for (let x = 0; x < width; x++) {
        const from = row + Math.min(x, image.width - 1)
        const isOpen = open !== null && open.data[from] > 127
        data[(c * height + y) * width + x] = isOpen ? nothing : image.data[from * 3 + c] / 255
      }
    }
  }
  return { data, dims }
}

/** Cut and fitted as the picture that is painted over, which it lies on. */
function fittedControl(image: RgbImage, request: GenerateRequest, masked: WorkingMask | null): RgbImage {
  const { width, height } = request
  if (request.kind === 'txt2img') return fitImage(image, width, height, 'stretch')
  if (!masked?.box) return fitImage(image, width, height, maskFit(request))
  const whole = request.image
  const laid = pilResize(image, whole.width, whole.height, 'lanczos')
  return fitImage(crop(laid, masked.box) as RgbImage, width, height, 'fill')
}
