import { fallbackDefaults, limits, type ModelEntry } from '@pentimento/contracts'
import type { ModelDescription } from '@pentimento/pipeline'
import { familyTable } from '@pentimento/vocabulary'

/** What the catalogue shows of a model. */
export function toModelEntry(id: string, description: ModelDescription): ModelEntry {
  const { defaults, sizes } = description
  return {
    id,
    title: description.title,
    description: describe(description),
    licence: description.licence,
    layout: layoutOf(description),
    family: description.family,
    purpose: description.isInpaintModel ? 'inpaint' : description.family === 'sdxl-refiner' ? 'refine' : 'generate',
    missing: [...(description.missing ?? [])],
    native_size: description.nativeSize,
    sizes: {
      min: Math.max(sizes.min, limits.sizeMin),
      max: Math.min(sizes.max, limits.sizeMax),
      multiple: sizes.multiple,
    },
    defaults: {
      steps: defaults.steps ?? fallbackDefaults.steps,
      guidance_scale: defaults.guidanceScale ?? fallbackDefaults.guidance_scale,
      sampler: defaults.sampler ?? fallbackDefaults.sampler,
      schedule: defaults.schedule ?? fallbackDefaults.schedule,
    },
    prompts: description.prompts ?? (defaults.prompt === undefined ? [] : [defaults.prompt]),
    words: description.vocabulary ? [...description.vocabulary] : null,
    clip_skip_max: Math.min(description.maxClipSkip, limits.clipSkipMax),
    unsupported: unsupported(description),
    // Of the worker that has the model, which says so when it announces it.
    safety_checker: false,
  }
}

function layoutOf({ exporterEra }: ModelDescription): ModelEntry['layout'] {
  if (exporterEra === 'single file') return 'file'
  return exporterEra === 'diffusers weights' ? 'folder' : 'onnx'
}

/**
 * An export without any of the earlier layers of its text encoder has no clip_skip at all; others have as many as there
 * are layers.
 */
function unsupported({ maxClipSkip }: ModelDescription): string[] {
  if (maxClipSkip === 1) return ['clip_skip']
  const beyond = Math.max(0, limits.clipSkipMax - maxClipSkip)
  return Array.from({ length: beyond }, (_, i) => `clip_skip=${maxClipSkip + 1 + i}`)
}

function describe({ description, family, isInpaintModel, vocabulary }: ModelDescription): string {
  const inpaint = isInpaintModel ? ', trained for inpainting' : ''
  const words = vocabulary ? ` It understands the words ${vocabulary.join(', ')}.` : ''
  return `${description ?? `${familyTable[family].label}${inpaint}.`}${words}`
}
