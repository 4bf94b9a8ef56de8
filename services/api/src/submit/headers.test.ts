import { expect, it } from 'vitest'
import { preferredWait } from './headers.ts'

it('reads the wait of Prefer and caps it', () => {
  expect(preferredWait({ prefer: 'wait=7' })).toBe(7)
  expect(preferredWait({ prefer: 'respond-async, wait=70' })).toBe(60)
  expect(preferredWait({ prefer: 'Wait = "3"; x=1' })).toBe(3)
  for (const prefer of ['respond-async', 'wait', 'wait=-1', 'wait=x', 'await=3'])
    expect(preferredWait({ prefer })).toBe(0)
  expect(preferredWait({})).toBe(0)
})
