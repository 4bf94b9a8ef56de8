import { expect, inject, it } from 'vitest'
import { newNamespace, openTestState } from '../testing/state.ts'

it('opens the picture that a token was made for, in every process, and no other', async () => {
  const namespace = newNamespace()
  const [one, other] = [
    await openTestState(inject('redisUrl'), namespace),
    await openTestState(inject('redisUrl'), namespace),
  ]
  const token = await one.outputs.token('a', 'job_x', 1)
  expect(await other.outputs.tenantOf(token, 'job_x', 1)).toBe('a')
  const wrong = [other.outputs.tenantOf(token, 'job_y', 1), other.outputs.tenantOf(token, 'job_x', 0)]
  const forged = [token.replace(/^a/, 'b'), `${token}A`, token.slice(0, -1), '', '.', 'a.'].map((text) =>
    other.outputs.tenantOf(text, 'job_x', 1),
  )
  expect(await Promise.all([...wrong, ...forged])).toEqual(Array(8).fill(null))
  await Promise.all([one.close(), other.close()])
})
