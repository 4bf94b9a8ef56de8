// How far a device's pictures are from the CPU's: node --conditions=source tools/gpu/fidelity.ts MODEL [cuda|webgpu]
// Ends with 1 where a picture differs by more than 2 of 255, which is what Pentimento promises across devices.
import {
  type Device,
  type GenerateRequest,
  generate,
  type Img2imgRequest,
  loadModel,
  plainMaskSettings,
  plainSettings,
} from '../../packages/pipeline/src/index.ts'
import { hashedPicture } from './hashed-picture.ts'

const LIMIT = 2
const [dir = 'models/fixtures/tiny-sd1', device = 'cuda'] = process.argv.slice(2)

/** A band of 50 pixels in the middle is repainted. */
const mask = {
  width: 128,
  height: 128,
  data: Uint8Array.from({ length: 128 * 128 }, (_, i) => (i % 128 > 40 && i % 128 < 90 ? 255 : 0)),
}
type Changes = Partial<Omit<Img2imgRequest, 'kind' | 'inpaint'>> & {
  inpaint?: NonNullable<GenerateRequest['inpaint']>
}

const cases: Record<string, Changes> = {
  'DPM++ 2M Karras': { sampler: 'dpmpp_2m', schedule: 'karras' },
  'Euler a': { sampler: 'euler_a' },
  inpaint: { sampler: 'dpmpp_2m', inpaint: { ...plainMaskSettings, maskBlur: 4, mask } },
  'DDIM, four pictures': { sampler: 'ddim', semantics: 'diffusers', numImages: 4 },
}

function request({ inpaint, ...changes }: Changes): GenerateRequest {
  const common = {
    ...plainSettings,
    image: hashedPicture(128),
    prompt: 'a photo of a cat',
    width: 128,
    height: 128,
    strength: 0.75,
    steps: 25,
    guidanceScale: 7,
    ...changes,
  }
  return inpaint ? { ...common, kind: 'inpaint', inpaint } : { ...common, kind: 'img2img', inpaint: null }
}

const cpu = await loadModel(dir, { device: 'cpu' })
const other = await loadModel(dir, { device: device as Device })
for (const [name, changes] of Object.entries(cases)) {
  const [wanted, got] = [await generate(cpu, request(changes)), await generate(other, request(changes))]
  let largest = 0
  for (const [i, { image }] of wanted.images.entries())
    for (const [k, level] of image.data.entries())
      largest = Math.max(largest, Math.abs(level - (got.images[i]?.image.data[k] ?? Number.POSITIVE_INFINITY)))
  console.log(`${device}, ${name}: largest difference ${largest} of 255`)
  if (largest > LIMIT) process.exitCode = 1
}
await Promise.all([cpu.dispose(), other.dispose()])
