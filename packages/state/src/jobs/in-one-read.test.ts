import { expect, it } from 'vitest'
import { inOneRead } from './in-one-read.ts'

it('reads once for all who ask in one turn, and anew for those who ask later', async () => {
  let version = 1
  const reads: string[] = []
  const read = inOneRead(async (tenant, id) => {
    reads.push(`${tenant} ${id}`)
    const seen = version
    await new Promise((resolve) => setImmediate(resolve))
    return `${tenant} ${id} ${seen}`
  })
  const first = [read('a', 'x'), read('a', 'x'), read('b', 'x'), read('a', 'y')]
  // What changes in the same turn is seen.
  version = 2
  await Promise.resolve()
  await Promise.resolve()
  version = 3
  const later = read('a', 'x')
  expect(await Promise.all([...first, later])).toEqual(['a x 2', 'a x 2', 'b x 2', 'a y 2', 'a x 3'])
  expect(reads).toEqual(['a x', 'b x', 'a y', 'a x'])
})

it('tells everyone of a failure, and reads again', async () => {
  let fails = true
  const read = inOneRead(async () => {
    if (fails) throw new Error('away')
    return 'here'
  })
  const failed = await Promise.allSettled([read('a', 'x'), read('a', 'x')])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fails = false
  expect(await read('a', 'x')).toBe('here')
})
