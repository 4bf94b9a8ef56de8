import { newJobId } from '@pentimento/contracts'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeCursor, encodeCursor, InvalidCursor } from './cursor.ts'

test('a cursor comes back as it was, and nothing else is one', () => {
  const place = { at: '1764000000000', id: newJobId() }
  expect(decodeCursor(encodeCursor(place))).toEqual(place)
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decodeCursor(text)).toThrow(InvalidCursor)
    }),
  )
})
