import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { cannyEdges } from './canny.ts'
import { preprocess } from './control-pictures.ts'

/** What OpenCV makes of them (tools/reference/make_canny.py); edges are one bit for each pixel. */
const golden: Record<string, { width: number; height: number; picture: string; edges: string }> = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/canny.json.gz', import.meta.url))).toString(),
)
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))

describe('edges', () => {
  it.each(Object.keys(golden))("are OpenCV's, byte for byte: %s", (name) => {
    const { width, height, picture, edges } = golden[name] ?? { width: 0, height: 0, picture: '', edges: '' }
    const data = bytesOf(picture)
    const bits = bytesOf(edges)
    const expected = Uint8Array.from(
      { length: width * height },
      (_, i) => (((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) * 255,
    )
    expect(cannyEdges({ width, height, data }, 3)).toEqual(expected)
    const withAlpha = new Uint8Array(width * height * 4).fill(7)
    for (let i = 0; i < width * height; i++) withAlpha.set(data.subarray(i * 3, i * 3 + 3), i * 4)
    expect(cannyEdges({ width, height, data: withAlpha }, 4)).toEqual(expected)
    if (width > 30) expect(expected.some((value) => value > 0)).toBe(true)
  })

  it('are white on black in all colours, and the alpha of a picture stays', () => {
    const { width, height, picture, edges } = golden.sketch ?? { width: 0, height: 0, picture: '', edges: '' }
    const data = bytesOf(picture)
    preprocess({ width, height, data }, 3, 'canny')
    const bits = bytesOf(edges)
    for (let i = 0; i < width * height; i += 7) {
      const value = (((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) * 255
      expect([...data.subarray(i * 3, i * 3 + 3)]).toEqual([value, value, value])
    }
    const one = Uint8Array.of(0, 100, 255, 9)
    preprocess({ width: 1, height: 1, data: one }, 4, 'invert')
    expect([...one]).toEqual([255, 155, 0, 9])
    preprocess({ width: 1, height: 1, data: one }, 4, 'inpaint')
    expect([...one]).toEqual([255, 155, 0, 9])
  })
})
