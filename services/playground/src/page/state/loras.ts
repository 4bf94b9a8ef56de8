import type { LoraUse } from '@pentimento/vocabulary'

export type ChosenLora = Pick<LoraUse, 'name' | 'weight'>

/** What the setting holds: the field as the api takes it, or nothing. */
export function parseLoras(text: string): ChosenLora[] {
  try {
    const value: unknown = JSON.parse(text === '' ? '[]' : text)
    return Array.isArray(value) ? value.filter((one) => typeof one?.name === 'string') : []
  } catch {
    return []
  }
}

export function lorasText(loras: readonly ChosenLora[]): string {
  return loras.length === 0 ? '' : JSON.stringify(loras)
}
