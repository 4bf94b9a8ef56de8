import type { LoraUse } from '@pentimento/vocabulary'
import { computed } from '@preact/signals'
import { adapters } from './models.ts'
import { change, settings } from './settings.ts'

/** LoRAs that go with the chosen model, by their names. */
export const fittingLoras = computed(() =>
  adapters.value
    .filter(({ kind, models }) => kind === 'lora' && models.includes(settings.value.model))
    .map(({ name }) => name),
)

type ChosenLora = Pick<LoraUse, 'name' | 'weight'>

/** What the setting holds: the field as the api takes it, or nothing. */
export function parseLoras(text: string): ChosenLora[] {
  try {
    const value: unknown = JSON.parse(text === '' ? '[]' : text)
    return Array.isArray(value) ? value.filter((one) => typeof one?.name === 'string') : []
  } catch {
    return []
  }
}

export function chooseLoras(loras: readonly ChosenLora[]): void {
  change({ loras: loras.length === 0 ? '' : JSON.stringify(loras) })
}
