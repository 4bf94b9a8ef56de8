import {
  controlsOf,
  type InpaintParameters,
  type JobRequest,
  type Parameters,
  type Txt2imgParameters,
} from '@pentimento/contracts'
import type { ImageMetadata } from '@pentimento/images'
import { type LoraUse, plainUpscaler, samplerTable, scheduleTable, webuiControlTypes } from '@pentimento/vocabulary'
import type { AdapterHashes } from '../adapters/adapter-hashes.ts'

/** What differs from image to image. */
interface ImageSeeds {
  index: number
  seed: number
  variationSeed: number | null
}

/**
 * What a result picture says about itself: AUTOMATIC1111's "parameters" text, which other tools read, and every
 * effective value as JSON. Without ids and times, so that equal requests give equal files.
 *
 * @param hashes of the files it was painted with
 */
export function embeddedMetadata(
  request: JobRequest,
  image: ImageSeeds,
  hashes: AdapterHashes = { loras: {}, embeddings: {} },
): ImageMetadata {
  return {
    parametersText: a1111Text(request, image, hashes),
    json: JSON.stringify({
      kind: request.kind,
      model: request.model,
      image: { index: image.index, seed: image.seed, variation_seed: image.variationSeed },
      parameters: request.parameters,
    }),
  }
}

/** The layout and order of `processing.create_infotext` of webui 1.10: what stands at its default is left out. */
function a1111Text(request: JobRequest, image: ImageSeeds, hashes: AdapterHashes): string {
  const p = request.parameters
  const pairs: Record<string, string | number | null> = {
    Steps: p.steps,
    Sampler: samplerTable[p.sampler].label,
    'Schedule type': scheduleTable[p.schedule].label,
    'CFG scale': p.guidance_scale,
    Seed: image.seed,
    Size: `${p.width}x${p.height}`,
    Model: request.model,
    'Variation seed': image.variationSeed,
    'Variation seed strength': p.variation_strength || null,
    'Denoising strength': 'strength' in p ? p.strength : p.hires_strength || null,
    'Clip skip': p.clip_skip > 1 ? p.clip_skip : null,
    RNG: p.rng.toUpperCase(),
    ...(request.kind === 'inpaint' && inpaintPairs(request.parameters)),
    ...controlPairs(p),
    ...enlargingPairs(p),
    'Lora hashes': hashList(hashes.loras),
    'TI hashes': hashList(hashes.embeddings),
    ...pentimentoPairs(p),
    Version: 'Pentimento',
  }
  const line = Object.entries(pairs)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${quote(String(value))}`)
    .join(', ')
  const negative = p.negative_prompt === '' ? '' : `\nNegative prompt: ${p.negative_prompt}`
  return `${[p.prompt, ...p.loras.map(loraTag)].filter(Boolean).join(' ')}${negative}\n${line}`.trim()
}

/** Names without what parts them, as there. */
function hashList(hashes: Readonly<Record<string, string>>): string | null {
  const list = Object.entries(hashes).map(([name, hash]) => `${name.replaceAll(/[:,]/g, '')}: ${hash}`)
  return list.join(', ') || null
}

/** As the prompt would name it there. */
function loraTag({ name, weight, text_weight }: LoraUse): string {
  return `<lora:${name}:${text_weight}${weight === text_weight ? '' : `:${weight}`}>`
}

const maskedContentLabels = { original: null, fill: 'fill', noise: 'latent noise', empty: 'latent nothing' }

function inpaintPairs(p: InpaintParameters): Record<string, string | number | null> {
  return {
    'Mask blur': p.mask_blur || null,
    'Inpaint area': p.inpaint_area === 'masked' ? 'Only masked' : null,
    'Masked area padding': p.mask_padding,
    'Masked content': maskedContentLabels[p.masked_content],
    'Mask grow': p.mask_grow || null,
    'Soft inpainting': p.soft ? 'True' : null,
    Extended: extendedSides(p),
  }
}

function extendedSides(p: InpaintParameters): string | null {
  const sides = { left: p.extend_left, top: p.extend_top, right: p.extend_right, bottom: p.extend_bottom }
  const grown = Object.entries(sides).filter(([, by]) => by > 0)
  return grown.map(([side, by]) => `${side} ${by}`).join(' ') || null
}

/** As the ControlNet extension of webui says each of its units. */
function controlPairs(p: Parameters | Txt2imgParameters): Record<string, string> {
  const units = controlsOf(p).map(({ model, type, scale, start, end, preprocessor, thresholds }) =>
    [
      `Module: ${preprocessor}`,
      `Model: ${model.replaceAll(/[:,]/g, '')}`,
      `Weight: ${scale}`,
      'Resize Mode: Just Resize',
      ...(preprocessor === 'canny' ? [`Threshold A: ${thresholds.low}`, `Threshold B: ${thresholds.high}`] : []),
      `Guidance Start: ${start}`,
      `Guidance End: ${end}`,
      'Control Mode: Balanced',
      ...(type === null ? [] : [`Union Control Type: ${webuiControlTypes[type]}`]),
    ].join(', '),
  )
  return Object.fromEntries(units.map((unit, i) => [`ControlNet ${i}`, unit]))
}

/** As webui's hires. fix says it, and its extras of a picture that is not painted again. */
function enlargingPairs(p: Parameters | Txt2imgParameters): Record<string, string | number | null> {
  const upscaler = p.upscaler === plainUpscaler ? 'Lanczos' : p.upscaler
  if (p.hires_steps === null)
    return p.upscale === 1 ? {} : { 'Postprocess upscale by': p.upscale, 'Postprocess upscaler': upscaler }
  return {
    // There a picture from noise alone has one strength, and this is it.
    'Hires strength': 'strength' in p ? p.hires_strength : null,
    'Hires upscale': p.upscale,
    'Hires steps': p.hires_steps,
    'Hires upscaler': upscaler,
  }
}

/** Ours, behind webui's own: its parser keeps what it does not know. */
function pentimentoPairs(p: Parameters | Txt2imgParameters): Record<string, string | number | null> {
  return {
    'CFG rescale': p.guidance_rescale || null,
    'IP-Adapter': p.reference_model,
    'IP-Adapter scale': p.reference_scale,
    'Color correction': 'color_correction' in p && p.color_correction ? 'True' : null,
    Semantics: p.semantics === 'a1111' ? null : p.semantics,
    'Step policy': p.step_policy === 'exact' ? p.step_policy : null,
  }
}

function quote(value: string): string {
  return /[,:\n]/.test(value) ? JSON.stringify(value) : value
}
