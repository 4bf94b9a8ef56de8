import { hiresSize } from '@pentimento/vocabulary'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hiresOf } from './hires.ts'
import type { A1111Request } from './read-request.ts'

it('asks for nothing without being told to', () => {
  const request = { model: { sizes: { min: 64, max: 512, multiple: 8 }, adapters: [] }, width: 512, height: 512 }
  for (const sent of [{}, { enable_hr: false, hr_scale: 2 }, { enable_hr: null }, { enable_hr: 0 }])
    expect(hiresOf(sent, request as unknown as A1111Request)).toBeNull()
})

it('has both paintings within what the model can, whatever size and scale are asked for', () => {
  const side = fc.integer({ min: 1, max: 5000 })
  const sizes = fc
    .record({ least: fc.integer({ min: 1, max: 8 }), more: fc.nat(30), multiple: fc.constantFrom(8, 16, 64) })
    .map(({ least, more, multiple }) => ({ min: least * 64, max: (least + more) * 64, multiple }))
  const scale = fc.double({ min: 1, max: 4, noNaN: true })
  fc.assert(
    fc.property(side, side, sizes, scale, (width, height, range, hr_scale) => {
      const request = { model: { sizes: range, adapters: [] }, width, height } as unknown as A1111Request
      const { fields } = hiresOf({ enable_hr: true, hr_scale, hr_upscaler: 'Lanczos' }, request) ?? {
        fields: {} as Record<string, unknown>,
      }
      const first = { width: Number(fields.width), height: Number(fields.height) }
      const upscale = Number(fields.upscale)
      expect([upscale >= 1, upscale <= 4]).toEqual([true, true])
      const second = hiresSize(first, upscale, range.multiple)
      for (const one of [first.width, first.height, second.width, second.height]) {
        expect(one % range.multiple).toBe(0)
        expect(one).toBeGreaterThanOrEqual(range.min)
        expect(one).toBeLessThanOrEqual(range.max)
      }
    }),
    { numRuns: 2000 },
  )
})
