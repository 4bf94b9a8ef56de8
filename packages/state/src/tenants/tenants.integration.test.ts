import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { newNamespace, openTestState, submit, until } from '../testing/state.ts'

let namespace: string
let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  namespace = newNamespace()
  state = await openTestState(inject('redisUrl'), namespace)
})
afterEach(() => state.close())

test('a key is known by its token alone, and only its hash is kept', async () => {
  const limits = { requestsPerMinute: 60, weight: 3, allowedModels: ['still-life'] }
  const { key, token } = await state.tenants.createKey({ tenant: 'acme', scopes: ['submit', 'read'], limits })
  expect(token).toMatch(/^pmt_[a-z2-7]{12}_[A-Za-z0-9_-]{43}$/)
  expect(await state.tenants.verify(token)).toEqual(key)
  expect(key).toMatchObject({ tenant: 'acme', scopes: ['submit', 'read'], limits, revokedAt: null, expiresAt: null })
  const secret = token.slice(-43)
  for (const name of await state.redis.keys(`${state.prefix}*`)) {
    const type = await state.redis.type(name)
    const content = type === 'hash' ? JSON.stringify(await state.redis.hgetall(name)) : name
    expect(content).not.toContain(secret)
  }
})

test('anything but the token is refused', async () => {
  const { token } = await state.tenants.createKey({ tenant: 'acme', scopes: ['read'] })
  const last = token.at(-1) === 'A' ? 'B' : 'A'
  const others = [
    '',
    'pmt_',
    token.slice(0, -1),
    `${token}A`,
    token.slice(0, -1) + last,
    token.toUpperCase(),
    ` ${token}`,
    `pmt_aaaaaaaaaaaa_${token.slice(-43)}`,
  ]
  for (const other of others) expect(await state.tenants.verify(other)).toBeNull()
})

test('a revoked or expired key stops working, also in another process', async () => {
  const other = await openTestState(inject('redisUrl'), namespace)
  const revoked = await state.tenants.createKey({ tenant: 'acme', scopes: ['read'] })
  const expiring = await state.tenants.createKey({ tenant: 'acme', scopes: ['read'], expiresAt: Date.now() + 300 })
  expect(await other.tenants.verify(revoked.token)).not.toBeNull()
  expect(await other.tenants.verify(expiring.token)).not.toBeNull()
  expect(await state.tenants.revokeKey(revoked.key.id)).toBe(true)
  expect(await state.tenants.verify(revoked.token)).toBeNull()
  await sleep(350)
  expect(await other.tenants.verify(expiring.token)).toBeNull()
  await until(async () => (await other.tenants.verify(revoked.token)) === null, 10_000)
  expect(await state.tenants.revokeKey('aaaaaaaaaaaa')).toBe(false)
  expect(await state.tenants.revokeKey('../../etc')).toBe(false)
  await other.close()
})

test('rotation gives a new token, and the old one ends after the overlap', async () => {
  const old = await state.tenants.createKey({ tenant: 'acme', scopes: ['admin'], limits: { maxJobs: 5 } })
  const fresh = await state.tenants.rotateKey(old.key.id, 200)
  expect(fresh?.key).toMatchObject({ tenant: 'acme', scopes: ['admin'], limits: { maxJobs: 5 }, expiresAt: null })
  expect(await state.tenants.verify(old.token)).not.toBeNull()
  expect(await state.tenants.verify(fresh?.token ?? '')).not.toBeNull()
  // The successor of a key that ends soon would end as soon.
  expect(await state.tenants.rotateKey(old.key.id)).toBeNull()
  await sleep(250)
  expect(await state.tenants.verify(old.token)).toBeNull()
  const expired = await state.tenants.createKey({ tenant: 'other', scopes: ['read'], expiresAt: Date.now() - 1 })
  expect(await state.tenants.rotateKey(expired.key.id)).toBeNull()
  expect(await state.tenants.rotateKey('aaaaaaaaaaaa')).toBeNull()
  expect((await state.tenants.listKeys('acme')).map(({ id }) => id).sort()).toEqual([old.key.id, fresh?.key.id].sort())
  expect(await state.tenants.listKeys('nobody')).toEqual([])
})

test('the last use is noted', async () => {
  const { key, token } = await state.tenants.createKey({ tenant: 'acme', scopes: ['read'] })
  await state.tenants.verify(token)
  await until(async () => ((await state.tenants.listKeys())[0]?.lastUsedAt ?? 0) >= key.createdAt)
})

test('usage counts jobs, waiting jobs and the day’s work', async () => {
  const nothing = { jobs: 0, queued: 0, workToday: 0 }
  expect(await state.tenants.usage('default')).toEqual(nothing)
  const job = await submit(state)
  await submit(state)
  await state.jobs.start(job.id, 'w')
  expect(await state.tenants.usage('default')).toEqual({ jobs: 2, queued: 1, workToday: 2 * job.cost })
})

test('tells when the next of a tenant’s jobs will end and start, as jobs of the model have been', async () => {
  const seconds = async (what: 'end' | 'start', tenant = 'default') => state.tenants.secondsUntilNext(tenant, what)
  const running = await submit(state, { tenant: 'other' })
  await state.redis.zpopmin(`${state.prefix}queue:${running.model}:prioritized`)
  await state.jobs.start(running.id, 'w')
  await state.redis.lpush(`${state.prefix}queue:${running.model}:active`, running.id)
  await submit(state, { tenant: 'other' })
  expect(await seconds('end')).toBeNull()
  await submit(state)
  expect(await seconds('end')).toBeNull()
  await state.redis.hset(`${state.prefix}stats:${running.model}`, { seconds: 100, cost: running.cost })
  // Half of what runs; then this one's own.
  expect(await seconds('start')).toBeCloseTo(50, 0)
  expect(await seconds('end')).toBeCloseTo(50 + 100, 0)
  // One has just begun; the other waits behind the newcomer's.
  expect(await seconds('end', 'other')).toBeCloseTo(100, 0)
  expect(await seconds('start', 'other')).toBeCloseTo(50 + 100, 0)
  expect(await seconds('start', 'nobody')).toBeNull()
})
