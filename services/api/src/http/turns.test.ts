import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createTurns, TooManyWaiting } from './turns.ts'

const never = new AbortController().signal
const settled = () => new Promise((resolve) => setImmediate(resolve))

it('gives places in turns: a tenant of many waits behind one of few', async () => {
  const turns = createTurns({ places: 1 })
  const order: string[] = []
  const run = async (name: string) => {
    const giveBack = await turns.take(name, never)
    order.push(name)
    await settled()
    giveBack()
  }
  await Promise.all(['a', 'a', 'a', 'a', 'b', 'c', 'b'].map(run))
  expect(order).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a'])
})

it('gives a tenant as many at once as it may have, while places are free', async () => {
  const turns = createTurns({ places: 3, perTenant: 2 })
  const back = [await turns.take('a', never), await turns.take('a', never)]
  let third = false
  const waiting = turns.take('a', never).then(() => {
    third = true
  })
  await settled()
  expect(third).toBe(false)
  await turns.take('b', never)
  back[0]?.()
  back[0]?.()
  await waiting
})

it('refuses a tenant that waits for as many as it may', async () => {
  const turns = createTurns({ places: 1, waiting: 2 })
  const giveBack = await turns.take('a', never)
  const two = [turns.take('a', never), turns.take('a', never)]
  await expect(turns.take('a', never)).rejects.toThrow(TooManyWaiting)
  const other = turns.take('b', never)
  giveBack()
  const first = await Promise.race([...two, other])
  first()
  await Promise.all([other.then((give) => give()), two[0]?.then((give) => give()), two[1]?.then((give) => give())])
})

it('forgets one who leaves', async () => {
  const turns = createTurns({ places: 1 })
  const giveBack = await turns.take('a', never)
  const leaving = new AbortController()
  const left = turns.take('a', leaving.signal)
  const next = turns.take('a', never)
  leaving.abort('gone')
  await expect(left).rejects.toBe('gone')
  await expect(turns.take('a', leaving.signal)).rejects.toBe('gone')
  giveBack()
  ;(await next)()
  ;(await turns.take('a', never))()
})

it('never gives more than there are, and leaves nobody behind', async () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(
      names,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      async (callers, places, perTenant) => {
        const turns = createTurns({ places, perTenant })
        const taken: string[] = []
        await Promise.all(
          callers.map(async (name) => {
            const giveBack = await turns.take(name, never)
            taken.push(name)
            expect(taken.length).toBeLessThanOrEqual(places)
            expect(taken.filter((other) => other === name).length).toBeLessThanOrEqual(perTenant)
            await settled()
            taken.splice(taken.indexOf(name), 1)
            giveBack()
          }),
        )
      },
    ),
  )
})
