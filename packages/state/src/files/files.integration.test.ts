import { expect, inject, it } from 'vitest'
import { openTestState } from '../testing/state.ts'

const file = (id: string, more: object = {}) => ({
  id,
  tenant: 'a',
  name: 'a.png',
  contentType: 'image/png',
  format: 'png',
  bytes: 1_000_000,
  sha256: '',
  createdAt: Date.now(),
  expiresAt: Date.now() + 60_000,
  ...more,
})

it('keeps files for their tenant, counts them, and tells which have ended', async () => {
  const state = await openTestState(inject('redisUrl'))
  const { files, tenants } = state
  await files.add(file('one'))
  await files.add(file('two', { createdAt: Date.now() + 1, expiresAt: Date.now() - 1 }))
  expect((await files.list('a')).map(({ id }) => id)).toEqual(['two', 'one'])
  expect([(await files.get('a', 'one'))?.name, await files.get('a', 'two'), await files.get('b', 'one')]).toEqual([
    'a.png',
    null,
    null,
  ])
  expect((await tenants.usage('a')).storage).toBe(2)
  expect(await files.due(10)).toEqual([{ tenant: 'a', id: 'two', format: 'png' }])
  expect([await files.remove('a', 'two'), await files.remove('a', 'two'), await files.remove('b', 'one')]).toEqual([
    true,
    false,
    false,
  ])
  expect([await files.due(10), (await tenants.usage('a')).storage]).toEqual([[], 1])
  await state.close()
})
