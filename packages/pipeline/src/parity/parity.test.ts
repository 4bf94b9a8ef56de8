import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { figure } from './document.ts'
import { largestDifference } from './reference.ts'
import { worst } from './row.ts'
import { parityRows } from './rows.ts'

const lines = readFileSync(new URL('../../../../docs/parity.md', import.meta.url), 'utf8').split('\n')

describe('what docs/parity.md says holds', () => {
  test.each(parityRows())('$group: $subject against $reference', async (row) => {
    const measured = await row.measure()
    expect(measured).toBeLessThanOrEqual(row.limit)
    const start = `| ${[row.subject, row.reference, row.extent, row.unit].join(' | ')} | `
    const line = lines.find((candidate) => candidate.startsWith(start))
    if (!row.varies) expect(line).toBe(`${start}${figure(measured)} | ${figure(row.limit)} |`)
    else expect(line).toMatch(new RegExp(` \\| ${figure(row.limit)} \\|$`))
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
