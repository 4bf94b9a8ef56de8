import { familyFacts } from '@pentimento/vocabulary'
import type { Model } from '../api/client.ts'

const layouts: Record<Model['layout'], string> = {
  file: 'single file',
  folder: 'diffusers folder',
  onnx: 'ONNX folder',
}
const purposes: Record<Model['purpose'], string> = { generate: '', inpaint: ' inpainting', refine: ' refiner' }

/** A model in the list: its title, what it is, and whether it can be run. */
export function modelLabel(
  model: Pick<Model, 'title' | 'family' | 'layout' | 'purpose' | 'missing' | 'available'>,
): string {
  const family = familyFacts(model.family)?.short ?? model.family
  const state = model.missing.length > 0 ? ' (incomplete)' : model.available ? '' : ' (not served now)'
  return `${model.title} – ${family}${purposes[model.purpose]}, ${layouts[model.layout]}${state}`
}
