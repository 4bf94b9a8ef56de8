import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, it } from 'vitest'
import { openState } from '../open-state.ts'

it('counts the requests of each tenant in windows of their own', async () => {
  const state = await openState({ redisUrl: inject('redisUrl'), namespace: `rate-${randomUUID()}`, onError: () => {} })
  const count = async (tenant: string) => (await state.tenants.countRequest(tenant, 300)).count
  expect(await Promise.all([count('a'), count('a'), count('b')])).toEqual([1, 2, 1])
  const { resetMs } = await state.tenants.countRequest('a', 300)
  expect(resetMs).toBeGreaterThan(0)
  expect(resetMs).toBeLessThanOrEqual(300)
  await sleep(resetMs + 30)
  expect(await count('a')).toBe(1)
  await state.close()
})
