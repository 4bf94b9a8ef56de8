import { expect, test } from 'vitest'
import { growBatches } from './warm-shapes.ts'

const gigabyte = 1e9

/** A device that keeps what its largest call took. */
function device(memory: number, perRow: number) {
  const painted: number[] = []
  let kept = perRow
  return {
    painted,
    free: async () => memory - kept,
    async paint(numImages: number) {
      // The larger call finds no room in what smaller ones have left behind.
      if (kept + perRow * 2 * numImages > memory) throw new Error('out of memory')
      painted.push(numImages)
      kept = Math.max(kept, perRow * 2 * numImages)
    },
  }
}

test('batches grow while the memory tells that they fit, and none is made that does not', async () => {
  const { painted, paint, free } = device(20 * gigabyte, gigabyte)
  expect(await growBatches(paint, free)).toBe(12)
  expect(painted).toEqual([1, 2, 3, 4, 6])
})

test('all are made where there is memory, and where nothing tells of it', async () => {
  const large = device(80 * gigabyte, gigabyte)
  expect(await growBatches(large.paint, large.free)).toBeNull()
  expect(large.painted).toEqual([1, 2, 3, 4, 6, 8])
  const unknown = device(80 * gigabyte, gigabyte)
  expect(await growBatches(unknown.paint, async () => null)).toBeNull()
})

test('one guided picture is always made', async () => {
  const { painted, paint, free } = device(5 * gigabyte, gigabyte)
  expect(await growBatches(paint, free)).toBe(2)
  expect(painted).toEqual([1])
})
