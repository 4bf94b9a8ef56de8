import { adapterFields, upscaleFields } from './adapter-fields.ts'
import { heaviest } from './attention.ts'
import { controlFields } from './control-fields.ts'
import { extendFields } from './extend.ts'
import type { Fields } from './field.ts'
import { referenceFields } from './reference-fields.ts'
import { samplerNames } from './samplers.ts'
import { scheduleNames } from './schedules.ts'
import { semanticsNames, stepPolicies } from './steps.ts'

const side = { type: 'integer', min: 64, max: 2048, multiple: 8 } as const
const seed = { type: 'integer', min: -1, max: 4294967295, default: -1 } as const
const usual = { steps: 25, guidance_scale: 7, sampler: 'dpmpp_2m', schedule: 'automatic' } as const
const orModel = (name: keyof typeof usual): string => `Omitted: the model's own default, else ${usual[name]}.`

/** What every picture is painted by, in the order in which the parameters of a job stand. */
export const pictureFields = {
  prompt: {
    type: 'prompt',
    required: true,
    text: `What the picture shall show; may be empty. Under \`a1111\` words are weighed as there, (word:1.3), from -${heaviest} to ${heaviest} times. \`[from:to:when]\`, \`[a|b]\` and \`AND\` change and join prompts as there.`,
  },
  negative_prompt: { type: 'prompt', default: '', text: 'What it shall not show.' },
  width: {
    ...side,
    text: "Pixels. Both sides omitted: the input's shape at the model's native area (`diffusers`: the input's size); one given: the other follows the shape. A side that comes out too short or too long for the model is refused.",
  },
  height: { ...side, text: 'As `width`.' },
  resize_mode: {
    type: 'choice',
    values: ['stretch', 'crop', 'fill', 'latent'],
    default: 'stretch',
    text: 'How an input of another shape comes to width and height.',
  },
  strength: {
    type: 'number',
    min: 0,
    max: 1,
    default: 0.75,
    text: "How far the result may leave the input: at 0 no step runs, and the picture only goes through the model's VAE, which changes fine detail; 1 leaves it wholly.",
  },
  steps: {
    type: 'integer',
    min: 1,
    max: 150,
    usual: usual.steps,
    text: `Steps of the whole schedule; how many run depends on \`strength\`. ${orModel('steps')}`,
  },
  step_policy: {
    type: 'choice',
    values: stepPolicies,
    default: 'proportional',
    text: '`proportional`: strength shortens the run; `exact`: `steps` always run.',
  },
  sampler: {
    type: 'sampler',
    usual: usual.sampler,
    text: `One of ${samplerNames.join(', ')}, or what AUTOMATIC1111 or diffusers call it, with or without a schedule: "DPM++ 2M Karras". ${orModel('sampler')}`,
  },
  schedule: {
    type: 'schedule',
    usual: usual.schedule,
    text: `One of ${scheduleNames.join(', ')}. \`automatic\` is what the sampler has in AUTOMATIC1111, or \`model\` under \`diffusers\`. ${orModel('schedule')}`,
  },
  guidance_scale: {
    type: 'number',
    min: 1,
    max: 30,
    usual: usual.guidance_scale,
    text: `How strongly the prompt pulls; 1 leaves \`negative_prompt\` out. ${orModel('guidance_scale')}`,
  },
  guidance_rescale: {
    type: 'number',
    min: 0,
    max: 1,
    default: 0,
    text: 'Takes back the contrast that high guidance adds.',
  },
  clip_skip: {
    type: 'integer',
    min: 1,
    max: 12,
    default: 1,
    text: 'From which layer of the text encoder, counted from the last, the prompt is read.',
  },
  seed: {
    ...seed,
    text: 'Of the first image; image i uses seed + i. -1: drawn now and shown in `parameters`.',
  },
  num_images: { type: 'integer', min: 1, max: 8, default: 1 },
  variation_seed: {
    ...seed,
    nullable: true,
    text: 'With `variation_strength`: image i uses variation_seed + i, and all share `seed`. -1: drawn now.',
  },
  variation_strength: {
    type: 'number',
    min: 0,
    max: 1,
    default: 0,
    text: 'How far the noise leaves that of `seed` for that of `variation_seed`.',
  },
  rng: {
    type: 'choice',
    values: ['cpu', 'nv'],
    default: 'cpu',
    text: "`cpu`: torch's generator on the CPU; `nv`: that of CUDA devices.",
  },
  semantics: {
    type: 'choice',
    values: semanticsNames,
    default: 'a1111',
    text: 'Whose way of counting steps, blending masks and reading prompts is followed.',
  },
  color_correction: { type: 'flag', default: false, text: "Matches the result's colours to the input's." },
} as const satisfies Fields

const { resize_mode, strength, step_policy, color_correction, ...others } = pictureFields

/** What has a meaning only where a picture is begun from. */
export const sourceFields = { resize_mode, strength, step_policy, color_correction }

/** What a picture is painted by that begins from noise alone. */
export const textFields = others

/** What a picture that begins from noise alone counts as where a source would be asked for: all of its steps run. */
export const fromNoise = { resize_mode: 'stretch', strength: 1, step_policy: 'proportional' } as const

/** What becomes of a painted picture. */
export const fileFields = {
  output_format: { type: 'choice', values: ['png', 'jpeg', 'webp'], default: 'png' },
  output_quality: { type: 'integer', min: 1, max: 100, default: 90, nullable: true, text: 'Of JPEG and WebP.' },
  embed_metadata: { type: 'flag', default: true, text: 'Writes the parameters into the files.' },
} as const satisfies Fields

/** How a mask is read from its file. */
export const maskFileFields = {
  mask_mode: {
    type: 'choice',
    values: ['white', 'black', 'alpha'],
    usual: 'white',
    text: 'What is repainted: the white, the black or the transparent (`alpha`) pixels of the mask file; without one, of the image, where only `alpha` is possible. Omitted: `white` with a mask file, else `alpha`. `white` and `black` keep what is transparent.',
  },
} as const satisfies Fields

/** What inpainting goes by besides. */
export const maskFields = {
  mask_grow: {
    type: 'integer',
    min: 0,
    max: 128,
    default: 0,
    text: 'Pixels by which the mask grows on every side.',
  },
  mask_blur: {
    type: 'integer',
    min: 0,
    max: 64,
    usual: 4,
    text: "Pixels of the blur of the mask's edge. Omitted: 4, under `diffusers` 0.",
  },
  masked_content: {
    type: 'choice',
    values: ['original', 'fill', 'noise', 'empty'],
    default: 'original',
    text: 'What the repainted part begins from.',
  },
  inpaint_area: {
    type: 'choice',
    values: ['whole', 'masked'],
    default: 'whole',
    text: "`masked`: only the mask's surroundings are painted, at width × height; the result has the input's size.",
  },
  mask_padding: {
    type: 'integer',
    min: 0,
    max: 256,
    default: 32,
    nullable: true,
    text: 'With `inpaint_area=masked`: pixels around the mask.',
  },
  composite: {
    type: 'flag',
    usual: true,
    text: 'Keeps the pixels away from the mask exactly. Omitted: true, under `diffusers` only with `inpaint_area=masked`.',
  },
  soft: { type: 'flag', default: false, text: "The mask's grey is a strength for each pixel." },
  ...extendFields,
} as const satisfies Fields

export const requestFields = {
  ...pictureFields,
  ...adapterFields,
  ...referenceFields,
  ...controlFields,
  ...upscaleFields,
  ...fileFields,
  ...maskFileFields,
  ...maskFields,
}
