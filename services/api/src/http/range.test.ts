import { describe, expect, it } from 'vitest'
import { byteRange, isUnchanged } from './range.ts'

const etag = '"abc"'

describe('byteRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=5-', { start: 5 }],
    ['bytes=5-99', { start: 5, end: 99 }],
    ['bytes=-4', { start: 6 }],
    ['bytes=-400', { start: 0 }],
  ])('%s', (range, expected) => {
    expect(byteRange({ range }, etag, 10)).toEqual(expected)
  })

  it.each(['bytes=5-4', 'bytes=-', 'bytes=-0', 'bytes=0-1,3-4', 'pages=0-1', 'bytes = 0-1', 'bytes=a-b'])(
    'ignores %s',
    (range) => {
      expect(byteRange({ range }, etag, 10)).toBeUndefined()
    },
  )

  it('gives the whole when If-Range names another version', () => {
    expect(byteRange({ range: 'bytes=0-1', 'if-range': '"old"' }, etag, 10)).toBeUndefined()
    expect(byteRange({ range: 'bytes=0-1', 'if-range': etag }, etag, 10)).toEqual({ start: 0, end: 1 })
  })
})

describe('isUnchanged', () => {
  it.each(['"abc"', 'W/"abc"', '"x", "abc"', '*'])('%s', (given) => {
    expect(isUnchanged({ 'if-none-match': given }, etag)).toBe(true)
  })
  it.each([undefined, '"abd"', 'abc'])('not %s', (given) => {
    expect(isUnchanged(given === undefined ? {} : { 'if-none-match': given }, etag)).toBe(false)
  })
})
