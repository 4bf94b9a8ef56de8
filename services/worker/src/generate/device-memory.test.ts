import { totalmem } from 'node:os'
import { expect, it } from 'vitest'
import { deviceMemory } from './device-memory.ts'

it("is the machine's, or this process's share of it, on the CPU", async () => {
  const bytes = await deviceMemory('cpu', undefined)
  expect(bytes).toBeGreaterThan(2 ** 26)
  expect(bytes).toBeLessThanOrEqual(totalmem())
})

it.each([
  [undefined, []],
  ['1', ['--id=1']],
  ['GPU-4ef,0', ['--id=GPU-4ef']],
])('is that of the first GPU that may be seen: %s', async (visible, which) => {
  const asked: string[][] = []
  const ask = async (...call: [string, string[]]) => {
    asked.push(call.flat())
    return '81559\n40960\n'
  }
  expect(await deviceMemory('cuda', visible, ask)).toBe(81_559 * 2 ** 20)
  expect(asked).toEqual([['nvidia-smi', '--query-gpu=memory.total', '--format=csv,noheader,nounits', ...which]])
})

it('is not known where nothing tells', async () => {
  expect(await deviceMemory('webgpu', undefined)).toBeNull()
  expect(await deviceMemory('cuda', undefined, async () => '[N/A]\n')).toBeNull()
  expect(await deviceMemory('cuda', undefined, () => Promise.reject(new Error('ENOENT')))).toBeNull()
})
