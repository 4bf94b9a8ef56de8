import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { repeat } from './repeat.ts'

it('goes on at once while there is more, and rests when there is not', async () => {
  const pass = vi.fn<() => Promise<'more' | 'done'>>()
  pass.mockResolvedValueOnce('more').mockResolvedValueOnce('more').mockResolvedValue('done')
  const repetition = repeat(pass, 60_000, () => {})
  await vi.waitFor(() => expect(pass).toHaveBeenCalledTimes(3))
  await sleep(20)
  expect(pass).toHaveBeenCalledTimes(3)
  await repetition.stop()
})

it('comes again after an error', async () => {
  const errors: unknown[] = []
  let passes = 0
  const repetition = repeat(
    async () => {
      if (++passes < 3) throw new Error(`no ${passes}`)
      return 'done'
    },
    1,
    (error) => errors.push(String(error)),
  )
  await vi.waitFor(() => expect(passes).toBeGreaterThan(3))
  await repetition.stop()
  expect(errors).toEqual(['Error: no 1', 'Error: no 2'])
})

it('waits for the pass under way when it stops, and starts no other', async () => {
  let running = 0
  let passes = 0
  const pass = async () => {
    running++
    passes++
    await sleep(30)
    running--
    return 'more' as const
  }
  const repetition = repeat(pass, 1, () => {})
  await sleep(5)
  await repetition.stop()
  const before = passes
  await sleep(50)
  expect([running, passes]).toEqual([0, before])
})
