import fc from 'fast-check'
import type { GrayImage } from '../request.ts'

/** Small masks of any shape, mostly 0. */
export const masks: fc.Arbitrary<GrayImage> = fc
  .record({ width: fc.integer({ min: 1, max: 24 }), height: fc.integer({ min: 1, max: 24 }) })
  .chain(({ width, height }) =>
    fc
      .uint8Array({ minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, data: values.map((value) => (value < 230 ? 0 : value)) })),
  )
