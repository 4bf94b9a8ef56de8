import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import type { Mode } from './board.ts'
import { change, settings, startSettings } from './settings.ts'

const name = 'pentimento-strengths'

/**
 * Keeps a strength for each way of beginning from a picture: what suits a drawing is too much, or too little, for a
 * part of a photo.
 *
 * @param storage where they outlive a reload
 */
export function keepStrengths(mode: ReadonlySignal<Mode>, storage: Pick<Storage, 'getItem' | 'setItem'>): void {
  const strengths = signal(readStrengths(storage.getItem(name)))
  effect(() => {
    const strength = strengths.peek()[mode.value]
    untracked(() => strength !== undefined && change({ strength }))
  })
  effect(() => {
    strengths.value = { ...strengths.peek(), [mode.peek()]: settings.value.strength }
    storage.setItem(name, JSON.stringify(strengths.peek()))
  })
}

function readStrengths(text: string | null): Partial<Record<Mode, string>> {
  const { strength } = startSettings
  try {
    const kept: unknown = JSON.parse(text ?? '{}')
    const entries = Object.entries(kept ?? {}).filter(([, value]) => typeof value === 'string')
    return { sketch: strength, inpaint: strength, ...Object.fromEntries(entries) }
  } catch {
    return { sketch: strength, inpaint: strength }
  }
}
