import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floodRegion, type Pixels } from './flood-fill.ts'

/** Letters as colours, equal letters as equal colours. */
function picture(...rows: string[]): Pixels {
  const width = rows[0]?.length ?? 0
  const bytes = rows
    .join('')
    .split('')
    .flatMap((letter) => [letter.charCodeAt(0), 0, 0, 255])
  return { data: Uint8ClampedArray.from(bytes), width, height: rows.length }
}

function drawn(region: Uint8Array, width: number): string[] {
  const text = Array.from(region, (value) => (value === 255 ? '#' : '.')).join('')
  return Array.from({ length: region.length / width }, (_, row) => text.slice(row * width, (row + 1) * width))
}

/** The same region by the plainest way there is. */
function slowRegion({ data, width, height }: Pixels, x: number, y: number): Uint8Array {
  const region = new Uint8Array(width * height)
  const visit = (px: number, py: number) => {
    if (px < 0 || py < 0 || px >= width || py >= height) return
    const index = py * width + px
    if (region[index] === 255 || data[index * 4] !== data[(y * width + x) * 4]) return
    region[index] = 255
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const)
      visit(px + dx, py + dy)
  }
  visit(x, y)
  return region
}

describe('floodRegion', () => {
  it('fills what is joined by edges and stops at corners and other colours', () => {
    const region = floodRegion(picture('aabaa', 'abbba', 'aabab', 'bbbaa'), 0, 0, 0)
    expect(drawn(region, 5)).toEqual(['##...', '#....', '##...', '.....'])
  })

  it('finds its way around and back up', () => {
    const region = floodRegion(picture('abaaa', 'ababa', 'aaaba', 'bbbba'), 0, 0, 0)
    expect(drawn(region, 5)).toEqual(['#.###', '#.#.#', '###.#', '....#'])
  })

  it('takes colours within the tolerance', () => {
    expect(drawn(floodRegion(picture('abcz'), 0, 0, 2), 4)).toEqual(['###.'])
  })

  it('fills nothing from outside', () => {
    for (const [x, y] of [
      [-1, 0],
      [0, -1],
      [2, 0],
      [0, 1],
    ] as const)
      expect(floodRegion(picture('aa'), x, y, 0)).toEqual(new Uint8Array(2))
  })

  it('agrees with the plain recursion on any picture', () => {
    const rows = fc.integer({ min: 1, max: 9 }).chain((width) =>
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: width, maxLength: width }), {
        minLength: 1,
        maxLength: 9,
      }),
    )
    fc.assert(
      fc.property(rows, fc.nat(), fc.nat(), (lines, a, b) => {
        const pixels = picture(...lines)
        const x = a % pixels.width
        const y = b % pixels.height
        expect(floodRegion(pixels, x, y, 0)).toEqual(slowRegion(pixels, x, y))
      }),
    )
  })
})
