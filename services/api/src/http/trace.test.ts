import { expect, it } from 'vitest'
import { traceparent } from './trace.ts'

it('passes on well-formed trace contexts only', () => {
  const good = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  expect(traceparent({ traceparent: good })).toBe(good)
  expect(traceparent({ traceparent: `${good}\r\nx: y` })).toBeNull()
  expect(traceparent({})).toBeNull()
})
