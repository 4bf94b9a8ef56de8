import { type ChosenLora, generate } from '../index.ts'
import { plainMaskSettings, plainSettings } from '../plain-settings.ts'
import type {
  ControlUse,
  GenerateRequest,
  GrayImage,
  Img2imgRequest,
  Inpaint,
  InpaintRequest,
  MaskSettings,
  PictureSettings,
  RgbImage,
  Txt2imgRequest,
} from '../request.ts'
import { type CaseModels, caseModels } from './case-models.ts'
import { octets, reference } from './reference.ts'

interface StoredPicture {
  width: number
  height: number
  data: string
}

/** One request of a reference, its settings beside each other, and the pictures that the reference made of it. */
export type PipelineCase = Partial<PictureSettings & MaskSettings> & {
  kind?: GenerateRequest['kind']
  model: string
  /** What it begins from; absent: noise alone. */
  picture?: string
  mask?: string
  /** What the model's scheduler_config.json says in addition. */
  scheduler?: object
  /** Files put beside the model, by their names. */
  loras?: Omit<ChosenLora, 'path'>[]
  embeddings?: string[]
  reference?: { adapter: string; encoder: string; picture: string; scale: number }
  /** Each with what its picture is called. */
  controls?: (Omit<ControlUse, 'image'> & { name: string; picture: string })[]
  images: string[]
}

export interface PipelineReference {
  pictures: Record<string, StoredPicture>
  masks: Record<string, StoredPicture>
  cases: PipelineCase[]
}

/** A small request in which nothing is special; tests change what they are about. */
export const plainRequest: Omit<Img2imgRequest, 'image'> = {
  ...plainSettings,
  prompt: 'a photo of a strawberry',
  width: 96,
  height: 64,
  steps: 8,
}

const { resizeMode: _, strength: __, stepPolicy: ___, colorCorrection: ____, ...text } = plainRequest

/** The same from noise alone. */
const plainText: Txt2imgRequest = { ...text, kind: 'txt2img', image: null }

/** What tests change of a request of inpainting: settings of the mask and the others beside each other. */
export type InpaintChange = Partial<PictureSettings & Inpaint & Pick<InpaintRequest, 'image'>>

/** The small request as one of inpainting. */
export function plainInpaint(image: RgbImage, mask: GrayImage, change: InpaintChange = {}): InpaintRequest {
  const request = { ...plainRequest, kind: 'inpaint' as const, image, inpaint: { ...plainMaskSettings, mask } }
  return withChange(request, change)
}

/** Each setting is put into both places, and read from its own. */
export function withChange({ inpaint, ...request }: InpaintRequest, change: InpaintChange): InpaintRequest {
  return { ...request, ...change, inpaint: { ...inpaint, ...change } }
}

/** The folder of a tiny model. */
export function fixtureModel(name: string): string {
  return new URL(`../../../../models/fixtures/${name}`, import.meta.url).pathname
}

/** How far our pictures are from a reference's. */
export interface Agreement {
  /** Largest difference, of 255. */
  largest: number
  /** Share of values that differ by more than 1. */
  beyondOne: number
  /** Between the darkest and the brightest value: a flat picture would agree with anything flat. */
  contrast: number
}

export interface PipelineCases {
  cases: PipelineCase[]
  picture(name: string): RgbImage
  mask(name: string): GrayImage
  request(one: PipelineCase): GenerateRequest
  run(one: PipelineCase): Promise<Agreement>
}

/** The reference files of whole pictures on the tiny models, each with the semantics that it was painted in. */
export const pictureReferences = [
  ['pipelines', 'diffusers'],
  ['webui-pipelines', 'a1111'],
  ['txt2img', 'diffusers'],
  ['webui-txt2img', 'a1111'],
  ['webui-prompts', 'a1111'],
] as const

/** The cases of one reference file, to be run one by one with the tiny models. */
export function pipelineCases(
  name: string,
  base: Partial<PictureSettings>,
  models: CaseModels = caseModels(),
): PipelineCases {
  return pipelineCasesOf(reference<PipelineReference>(name), base, models, fixtureModel)
}

/** As {@link pipelineCases}, of models in other folders, and with files of adapters. */
export function pipelineCasesOf(
  { pictures, masks, cases }: PipelineReference,
  base: Partial<PictureSettings>,
  models: CaseModels,
  folderOf: (model: string) => string,
  adapterOf: (name: string) => string = String,
): PipelineCases {
  const request = ({ picture, mask, embeddings, reference, controls, ...one }: PipelineCase) => {
    const { kind: _, model: __, scheduler: ___, loras: ____, images: _____, ...own } = one
    const words = embeddings && { embeddings: embeddings.map((name) => ({ name, path: adapterOf(name) })) }
    const pictured = controls?.map(({ name: _, picture: shown, ...use }) => ({
      ...use,
      image: decoded(pictures[shown]),
    }))
    const seen = reference && { reference: { image: decoded(pictures[reference.picture]), scale: reference.scale } }
    const settings = { ...base, ...own, ...words, ...seen, ...(pictured && { controls: pictured }) }
    if (picture === undefined) return { ...plainText, ...settings }
    const image = decoded(pictures[picture])
    if (mask === undefined) return { ...plainRequest, ...settings, image }
    return plainInpaint(image, decoded(masks[mask]), settings)
  }
  return {
    cases,
    request,
    picture: (key) => decoded(pictures[key]),
    mask: (key) => decoded(masks[key]),
    async run(one) {
      const { model, scheduler, reference, images: expected } = one
      const adapter = reference && {
        name: reference.adapter,
        path: adapterOf(reference.adapter),
        encoder: adapterOf(reference.encoder),
      }
      const beside = {
        loras: (one.loras ?? []).map((lora) => ({ ...lora, path: adapterOf(lora.name) })),
        controls: (one.controls ?? []).map(({ name }) => ({ name, path: adapterOf(name) })),
        ...(adapter && { reference: adapter }),
      }
      const result = await generate(await models.load(folderOf(model), beside, scheduler), request(one))
      return agreement(
        result.images.map((one) => one.image.data),
        expected.map(octets),
      )
    },
  }
}

function decoded({ width, height, data }: StoredPicture): RgbImage {
  return { width, height, data: octets(data) }
}

/** @param ours the bytes of pictures, as `expected` */
export function agreement(ours: Uint8Array[], expected: Uint8Array[]): Agreement {
  let [largest, beyond, count, low, high] = [0, 0, 0, 255, 0]
  if (ours.length !== expected.length) throw new RangeError('The reference made another number of pictures.')
  ours.forEach((picture, i) => {
    if (picture.length !== expected[i].length) throw new RangeError('The reference made a picture of another size.')
    for (let k = 0; k < picture.length; k++) {
      const difference = Math.abs(picture[k] - expected[i][k])
      largest = Math.max(largest, difference)
      if (difference > 1) beyond++
      low = Math.min(low, picture[k])
      high = Math.max(high, picture[k])
    }
    count += picture.length
  })
  return { largest, beyondOne: beyond / count, contrast: high - low }
}
