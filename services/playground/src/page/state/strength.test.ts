import { signal } from '@preact/signals'
import { expect, it } from 'vitest'
import type { Mode } from './board.ts'
import { change, settings } from './settings.ts'
import { keepStrengths } from './strength.ts'

it('keeps a strength for each mode, over a reload too', () => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  }
  const mode = signal<Mode>('sketch')
  keepStrengths(mode, storage)
  change({ strength: '0.6' })
  mode.value = 'inpaint'
  expect(settings.value.strength).toBe('0.75')
  change({ strength: '1' })
  mode.value = 'text'
  mode.value = 'sketch'
  expect(settings.value.strength).toBe('0.6')
  mode.value = 'inpaint'
  expect(settings.value.strength).toBe('1')
  expect(JSON.parse([...kept.values()][0] ?? '')).toMatchObject({ sketch: '0.6', inpaint: '1' })
})
