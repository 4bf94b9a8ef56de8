import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createModelCache } from './model-cache.ts'

function watchedCache(limitBytes: number) {
  const live = new Map<string, number>()
  let peak = 0
  const cache = createModelCache<string>({
    limitBytes,
    load: async ({ dir, bytes }) => {
      live.set(dir, bytes)
      peak = Math.max(
        peak,
        [...live.values()].reduce((a, b) => a + b, 0),
      )
      return dir
    },
    release: async (dir) => void live.delete(dir),
  })
  const get = (name: string, bytes: number) => cache.get({ id: name, dir: name, bytes })
  return { get, live, peak: () => peak }
}

it('releases the model used longest ago, before it loads the next', async () => {
  const { get, live, peak } = watchedCache(10)
  await get('a', 4)
  await get('b', 4)
  expect((await get('a', 4)).loadMs).toBe(0)
  await get('c', 4)
  expect([...live.keys()]).toEqual(['a', 'c'])
  expect(peak()).toBe(8)
})

it('loads a model above the limit alone', async () => {
  const { get, live } = watchedCache(10)
  await get('a', 4)
  await get('giant', 50)
  expect([...live.keys()]).toEqual(['giant'])
  await get('a', 4)
  expect([...live.keys()]).toEqual(['a'])
})

it('keeps nothing of a load that failed', async () => {
  let fail = true
  const cache = createModelCache<string>({
    limitBytes: 10,
    load: async ({ dir }) => {
      if (fail) throw new Error('no file')
      return dir
    },
    release: async () => {},
  })
  const ref = { id: 'a', dir: 'a', bytes: 4 }
  await expect(cache.get(ref)).rejects.toThrow('no file')
  fail = false
  await expect(cache.get(ref)).resolves.toMatchObject({ model: 'a' })
})

it('never holds more than the limit while several models fit', async () => {
  const sizes = { a: 1, b: 2, c: 3, d: 4, e: 5 }
  const names = fc.constantFrom(...(Object.keys(sizes) as (keyof typeof sizes)[]))
  await fc.assert(
    fc.asyncProperty(fc.array(names, { maxLength: 30 }), fc.integer({ min: 5, max: 15 }), async (uses, limit) => {
      const { get, live, peak } = watchedCache(limit)
      for (const name of uses) {
        expect((await get(name, sizes[name])).model).toBe(name)
        expect(live.has(name)).toBe(true)
      }
      expect(peak()).toBeLessThanOrEqual(limit)
    }),
  )
})
