import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { figure, parityTables } from './document.ts'
import { largestDifference } from './reference.ts'
import { type ParityRow, worst } from './row.ts'
import { parityRows } from './rows.ts'

const page = readFileSync(new URL('../../../../docs/parity.md', import.meta.url), 'utf8')
const rows = parityRows()
const tables = parityTables(rows)

/** What stands on the page in the place of a row. */
function shownFigure(row: ParityRow): string | undefined {
  const table = tables.find(({ lines }) => lines.some((line) => line.rows.includes(row)))
  const line = table?.lines.find((line) => line.rows.includes(row))
  if (!table || !line) return undefined
  const shown = page.split(`${table.head}\n`)[1]?.split('\n\n')[0]?.split('\n')
  const cells = shown?.find((text) => text.startsWith(line.start))?.slice(line.start.length, -2)
  return cells?.split(' | ')[line.rows.indexOf(row)]
}

describe('what docs/parity.md says holds', () => {
  test.each(rows)('$group: $subject against $reference', async (row) => {
    const measured = await row.measure()
    expect(measured).toBeLessThanOrEqual(row.limit)
    if (row.varies) expect(shownFigure(row)).toMatch(/^[\de.-]+$/)
    else expect(shownFigure(row)).toBe(figure(measured))
  })

  test('and nothing else stands there', () => {
    const lines = page.split('\n').filter((line) => line.startsWith('| '))
    const expected = tables.flatMap(({ head, lines }) => [
      head.split('\n').at(-2) ?? '',
      ...lines.map(({ start }) => start),
    ])
    expect(lines.length).toBe(expected.length)
    for (const [i, start] of expected.entries()) expect(lines[i]?.startsWith(start)).toBe(true)
  })
})

test('a figure is rounded up to two digits', () => {
  expect([0, 1, 3, 1.23e-7, 9.99e-7, 0.002, 12.5, 1e-6].map(figure)).toEqual([
    '0',
    '1',
    '3',
    '1.3e-7',
    '1e-6',
    '2e-3',
    '1.3e1',
    '1e-6',
  ])
})

test('NaN is never taken for a small difference', () => {
  expect(largestDifference([1, Number.NaN], [1, 2])).toBeNaN()
  expect(worst([0, Number.NaN])).toBeNaN()
  expect(() => largestDifference([1], [1, 2])).toThrow(RangeError)
})
