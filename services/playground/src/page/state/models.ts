import { computed, signal } from '@preact/signals'
import { type Adapter, type Capabilities, getCapabilities, listModels, type Model } from '../api/client.ts'
import { picture } from './board.ts'
import { guideNames } from './guides.ts'
import { lorasText, parseLoras } from './loras.ts'
import { sizeOfAspect } from './presets.ts'
import { change, type Settings, settings } from './settings.ts'

export const models = signal<Model[]>([])
/** What lies beside the models, and which of them take it. */
export const adapters = signal<Adapter[]>([])
export const capabilities = signal<Capabilities | null>(null)

export const model = computed(() => models.value.find(({ id }) => id === settings.value.model))

/** Asks the service what it can do. The first time, the default model's own defaults become the settings. */
export async function loadCatalogue(): Promise<void> {
  const [list, able] = await Promise.all([listModels(), getCapabilities()])
  models.value = list.data
  adapters.value = list.adapters
  capabilities.value = able
  if (list.data.some(({ id }) => id === settings.value.model)) return
  const whole = list.data.filter(({ missing }) => missing.length === 0)
  const chosen = whole.find((entry) => entry.default) ?? whole[0]
  if (chosen !== undefined) chooseModel(chosen.id)
}

/** Takes a model with its own defaults, and a size that suits it and the picture. */
export function chooseModel(id: string): void {
  const chosen = models.value.find((entry) => entry.id === id)
  if (chosen === undefined) return
  const { steps, guidance_scale, sampler, schedule } = chosen.defaults
  change({
    model: id,
    ...whatFits(id),
    steps: String(steps),
    guidance_scale: String(guidance_scale),
    sampler,
    schedule,
  })
  change(fitSizeTo(picture.value.width / picture.value.height))
}

/** What was chosen beside the former model, as far as it goes with this one. */
function whatFits(id: string): Partial<Settings> {
  const fits = (name: string) => adapters.value.some((one) => one.name === name && one.models.includes(id))
  const loras = parseLoras(settings.value.loras).filter(({ name }) => fits(name))
  const left = guideNames.map((name) => `${name}_model` as const).filter((name) => !fits(settings.value[name]))
  return { loras: lorasText(loras), ...Object.fromEntries(left.map((name) => [name, ''])) }
}

/** Width and height that suit the model for a picture of this aspect. */
export function fitSizeTo(aspect: number): Partial<Settings> {
  if (model.value === undefined) return {}
  const { width, height } = sizeOfAspect(model.value, aspect)
  return { width: String(width), height: String(height) }
}
