import { expect, it } from 'vitest'
import { loadModeFor } from './load-mode.ts'

it('packs weights where all models stay loaded, and maps them where they make room for each other', () => {
  expect(loadModeFor([4e9, 4e9], 8e9)).toBe('fast')
  expect(loadModeFor([4e9, 4.1e9], 8e9)).toBe('lean')
})
