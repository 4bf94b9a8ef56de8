import { resolveSize } from '@pentimento/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sizeOfAspect, sizePresets } from './presets.ts'

const sizes = { min: 64, max: 2048, multiple: 8 }

describe('sizes', () => {
  it('suit the model', () => {
    expect(sizePresets({ native_size: 512, sizes }).map(({ width, height }) => [width, height])).toEqual([
      [512, 512],
      [624, 416],
      [416, 624],
      [680, 384],
    ])
    for (const { width, height } of sizePresets({ native_size: 64, sizes: { ...sizes, max: 96 } })) {
      expect(Math.max(width, height)).toBeLessThanOrEqual(96)
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(64)
    }
  })

  it('are what the api would choose for a picture of that aspect', () => {
    const side = fc.integer({ min: 16, max: 4000 })
    fc.assert(
      fc.property(side, side, fc.constantFrom(256, 512, 1024), (width, height, native_size) => {
        const chosen = resolveSize({ width: undefined, height: undefined, semantics: 'a1111' }, native_size, {
          width,
          height,
        })
        expect(sizeOfAspect({ native_size, sizes }, width / height)).toEqual(chosen)
      }),
    )
  })
})
