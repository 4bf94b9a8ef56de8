import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createModelCache } from './model-cache.ts'

function watchedCache(limitBytes: number) {
  const live = new Map<string, number>()
  let peak = 0
  const changed = new Set<string>()
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
    isCurrent: async (dir) => !changed.delete(dir),
  })
  const borrow = (name: string, bytes: number) => cache.borrow({ id: name, dir: name, bytes })
  const get = async (name: string, bytes: number) => {
    const loan = await borrow(name, bytes)
    loan.giveBack()
    return loan
  }
  return { borrow, get, live, changed, peak: () => peak }
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

it('loads a model anew whose files have changed, once nobody works with the old one, and says so', async () => {
  const { borrow, get, changed, peak } = watchedCache(10)
  const old = await borrow('a', 8)
  changed.add('a')
  let came = false
  const fresh = borrow('a', 8).finally(() => {
    came = true
  })
  await new Promise(setImmediate)
  expect(came).toBe(false)
  old.giveBack()
  expect(await fresh).toMatchObject({ reloaded: true })
  expect(peak()).toBe(8)
  expect(await get('a', 8)).toMatchObject({ reloaded: false, loadMs: 0 })
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
    isCurrent: async () => true,
  })
  const ref = { id: 'a', dir: 'a', bytes: 4 }
  await expect(cache.borrow(ref)).rejects.toThrow('no file')
  fail = false
  await expect(cache.borrow(ref)).resolves.toMatchObject({ model: 'a' })
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

it('keeps a borrowed model, and loads the next when room is given back', async () => {
  const { borrow, get, live, peak } = watchedCache(10)
  const a = await borrow('a', 6)
  await get('b', 4)
  const c = borrow('c', 8)
  await new Promise((resolve) => setImmediate(resolve))
  expect([...live.keys()]).toEqual(['a'])
  a.giveBack()
  a.giveBack()
  expect((await c).model).toBe('c')
  expect([...live.keys()]).toEqual(['c'])
  expect(peak()).toBe(10)
})

it('loads a model once for two that ask at the same time', async () => {
  const { borrow } = watchedCache(10)
  const [first, second] = await Promise.all([borrow('a', 4), borrow('a', 4)])
  expect(first.model).toBe(second.model)
  expect(second.loadMs).toBe(0)
})

it('never takes a model away from its borrowers, nor holds more than the limit, whatever they do', async () => {
  const sizes = { a: 1, b: 2, c: 3, d: 4, e: 5 }
  const names = fc.constantFrom(...(Object.keys(sizes) as (keyof typeof sizes)[]))
  const use = fc.record({ name: names, turns: fc.integer({ min: 0, max: 5 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(use, { maxLength: 20 }), fc.integer({ min: 5, max: 15 }), async (uses, limit) => {
      const { borrow, live, peak } = watchedCache(limit)
      await Promise.all(
        uses.map(async ({ name, turns }) => {
          const { giveBack } = await borrow(name, sizes[name])
          for (let turn = 0; turn < turns; turn++) {
            expect(live.has(name)).toBe(true)
            await new Promise((resolve) => setImmediate(resolve))
          }
          expect(live.has(name)).toBe(true)
          giveBack()
        }),
      )
      expect(peak()).toBeLessThanOrEqual(limit)
    }),
  )
})
