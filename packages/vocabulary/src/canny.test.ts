import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { cannyEdges } from './canny.ts'
import { preprocess } from './control-pictures.ts'

/** What OpenCV makes of them (tools/reference/make_canny.py); edges are one bit for each pixel. */
interface Golden {
  width: number
  height: number
  picture: string
  edges: string
  others?: { low: number; high: number; edges: string }[]
}
const golden: Record<string, Golden> = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/canny.json.gz', import.meta.url))).toString(),
)
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'))
const usual = { low: 100, high: 200 }
const unpacked = (edges: string, pixels: number) => {
  const bits = bytesOf(edges)
  return Uint8Array.from({ length: pixels }, (_, i) => (((bits[i >> 3] ?? 0) >> (7 - (i & 7))) & 1) * 255)
}

describe('edges', () => {
  it.each(Object.keys(golden))("are OpenCV's, byte for byte: %s", (name) => {
    const { width, height, picture, edges, others } = golden[name] as Golden
    const data = bytesOf(picture)
    const expected = unpacked(edges, width * height)
    expect(cannyEdges({ width, height, data }, 3, usual)).toEqual(expected)
    for (const { edges: found, ...thresholds } of others ?? [])
      expect(cannyEdges({ width, height, data }, 3, thresholds)).toEqual(unpacked(found, width * height))
    const withAlpha = new Uint8Array(width * height * 4).fill(7)
    for (let i = 0; i < width * height; i++) withAlpha.set(data.subarray(i * 3, i * 3 + 3), i * 4)
    expect(cannyEdges({ width, height, data: withAlpha }, 4, usual)).toEqual(expected)
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
