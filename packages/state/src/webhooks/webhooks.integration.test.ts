import { setTimeout as sleep } from 'node:timers/promises'
import { newJobId } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import type { DeliveryOutcome, WebhookEvent } from '../index.ts'
import { openTestState, submit, succeeded } from '../testing/state.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

let count = 0
function event(overrides: Partial<WebhookEvent> = {}): WebhookEvent {
  const job = overrides.job === undefined ? newJobId() : overrides.job
  const url = 'https://example.com/hook'
  return {
    id: `evt_${count++}`,
    tenant: 'default',
    job,
    type: 'job.succeeded',
    url,
    body: '{"type":"x"}',
    traceparent: null,
    ...overrides,
  }
}

const delivered: DeliveryOutcome = { outcome: 'delivered', status: 200, response: 'ok', durationMs: 5 }
const failed: DeliveryOutcome = { outcome: 'failed', status: 500, response: 'no', durationMs: 5, error: 'status 500' }
const claim = (perHost = 4, leaseMs = 5000, perTenant = 100) =>
  state.webhooks.claim({ limit: 100, perHost, perTenant, leaseMs })
/** Makes everything due. */
async function hurry(host = 'example.com default'): Promise<void> {
  for (const id of await state.redis.zrange(`${state.prefix}due:${host}`, '0', '-1'))
    await state.redis.zadd(`${state.prefix}due:${host}`, 1, id)
  await state.redis.zadd(`${state.prefix}hosts`, 1, host)
}

test('an event is delivered once, and its log can be read', async () => {
  const one = event()
  await state.webhooks.enqueue(one)
  await state.webhooks.enqueue({ ...one, body: 'changed' })
  const claimed = await claim()
  expect(claimed).toEqual([{ event: one, attempt: 1 }])
  expect(await claim()).toEqual([])
  const [due] = claimed
  if (due === undefined) throw new Error('nothing due')
  expect(await state.webhooks.settle(due, { ...delivered, response: 'x'.repeat(5000) })).toBe('delivered')
  const [record] = await state.webhooks.log(one.job ?? '')
  expect(record).toMatchObject({
    id: one.id,
    type: 'job.succeeded',
    url: one.url,
    state: 'delivered',
    nextAttemptAt: null,
  })
  expect(record?.attempts).toMatchObject([{ attempt: 1, status: 200, durationMs: 5, error: null }])
  expect(record?.attempts[0]?.response).toHaveLength(1024)
  await state.webhooks.enqueue(one)
  expect(await claim()).toEqual([])
  expect(await state.redis.zcard(`${state.prefix}hosts`)).toBe(0)
})

test('failures are tried again after 5 s, 5 min … 24 h, ten times in all, then replayed', async () => {
  const one = event()
  await state.webhooks.enqueue(one)
  const expected = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
  for (let attempt = 1; attempt <= 10; attempt++) {
    const [due] = await claim()
    expect(due?.attempt).toBe(attempt)
    if (due === undefined) throw new Error('nothing due')
    expect(await state.webhooks.settle(due, failed)).toBe(attempt < 10 ? 'pending' : 'failed')
    expect(await claim()).toEqual([])
    const [record] = await state.webhooks.log(one.job ?? '')
    const delay = expected[attempt - 1]
    if (delay === undefined) expect(record).toMatchObject({ state: 'failed', nextAttemptAt: null })
    else expect(Math.abs(((record?.nextAttemptAt ?? 0) - Date.now()) / 1000 / delay - 1)).toBeLessThan(0.11)
    await hurry()
  }
  expect((await state.webhooks.log(one.job ?? ''))[0]?.attempts.map(({ attempt }) => attempt)).toEqual([
    10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
  ])
  expect(await state.webhooks.replay(newJobId(), one.id)).toBeNull()
  expect(await state.webhooks.replay(one.job ?? '', 'evt_unknown')).toBeNull()
  expect(await state.webhooks.replay(one.job ?? '', one.id)).toMatchObject({ state: 'pending' })
  const [due] = await claim()
  expect(due).toEqual({ event: one, attempt: 11 })
})

test('a log stays readable however much a receiver answers and however often it is asked', async () => {
  const one = event()
  await state.webhooks.enqueue(one)
  for (let attempt = 1; attempt <= 30; attempt++) {
    const [due] = await claim()
    if (due === undefined) throw new Error('nothing due')
    // Escaped in JSON, each of these takes six bytes.
    await state.webhooks.settle(due, { ...failed, response: '\x01'.repeat(1024) })
    await state.webhooks.replay(one.job ?? '', one.id)
  }
  const [record] = await state.webhooks.log(one.job ?? '')
  expect(record?.attempts.length).toBeGreaterThan(4)
  expect(record?.attempts[0]).toMatchObject({ attempt: 30, response: '\x01'.repeat(1024) })
})

test('a receiver that asks for a day before each try still gets all ten', async () => {
  const one = event()
  await state.webhooks.enqueue(one)
  const key = `${state.prefix}delivery:${one.id}`
  for (let attempt = 1; attempt <= 10; attempt++) {
    await state.redis.pexpire(key, 3_600_000)
    const [due] = await claim()
    if (due === undefined) throw new Error('nothing due')
    const after = await state.webhooks.settle(due, { ...failed, status: 429, retryAfterMs: 86_400_000 })
    expect(after).toBe(attempt < 10 ? 'pending' : 'failed')
    expect(await state.redis.pttl(key)).toBeGreaterThan(5 * 86_400_000)
    expect(await state.redis.pttl(`${state.prefix}deliveries:${one.job}`)).toBeGreaterThan(15 * 86_400_000)
    await hurry()
  }
})

test('Retry-After postpones, 410 stops all deliveries of the job', async () => {
  const job = newJobId()
  const [first, second] = [event({ job, type: 'job.started' }), event({ job })]
  await state.webhooks.enqueue(first)
  await state.webhooks.enqueue(second)
  const [one, two] = await claim()
  if (one === undefined || two === undefined) throw new Error('not both due')
  await state.webhooks.settle(one, { ...failed, status: 429, retryAfterMs: 60_000 })
  const postponed = (await state.webhooks.log(job)).find(({ id }) => id === one.event.id)
  expect(((postponed?.nextAttemptAt ?? 0) - Date.now()) / 1000).toBeCloseTo(60, 0)
  expect(await state.webhooks.settle(two, { ...failed, status: 410, gone: true })).toBe('stopped')
  expect((await state.webhooks.log(job)).map(({ state }) => state)).toEqual(['stopped', 'stopped'])
  await state.webhooks.enqueue(event({ job, type: 'job.failed' }))
  await hurry()
  expect(await claim()).toEqual([])
})

test('a slow host holds at most its share, and no other host waits for it', async () => {
  for (let i = 0; i < 20; i++) await state.webhooks.enqueue(event({ url: 'https://slow.example/hook' }))
  await state.webhooks.enqueue(event({ url: 'https://fast.example:8443/hook' }))
  const hosts = (await claim(3)).map(({ event }) => new URL(event.url).host)
  expect(hosts.toSorted()).toEqual(['fast.example:8443', 'slow.example', 'slow.example', 'slow.example'])
  expect(await claim(3)).toEqual([])
})

test('a tenant with many slow hosts holds at most its share, and no other tenant waits for it', async () => {
  const tenants = async () => {
    const due = await claim(4, 1500, 5)
    return due.map((one) => one.event.tenant).toSorted()
  }
  for (let i = 0; i < 20; i++) await state.webhooks.enqueue(event({ tenant: 'slow', url: `https://h${i}.example/` }))
  expect(await tenants()).toEqual(['slow', 'slow', 'slow', 'slow', 'slow'])
  await state.webhooks.enqueue(event({ tenant: 'other', url: 'https://h19.example/' }))
  expect(await tenants()).toEqual(['other'])
  // When the leases have ended, it is its turn again.
  await sleep(1600)
  expect(await tenants()).toEqual(['other', 'slow', 'slow', 'slow', 'slow', 'slow'])
})

test('a backlog of one tenant at a host delays no event of another there', async () => {
  for (let i = 0; i < 160; i++) await state.webhooks.enqueue(event({ tenant: 'many' }))
  const tenants = async () => (await claim()).map(({ event }) => event.tenant)
  expect(await tenants()).toEqual(['many', 'many', 'many', 'many'])
  await state.webhooks.enqueue(event({ tenant: 'other' }))
  expect(await tenants()).toEqual(['other'])
  for (let i = 0; i < 3; i++) await state.webhooks.enqueue(event({ tenant: 'third' }))
  expect(await tenants()).toEqual(['third'])
})

test('tenants at a full host take turns', async () => {
  for (const tenant of ['a', 'b', 'c', 'd']) {
    for (let i = 0; i < 2; i++) await state.webhooks.enqueue(event({ tenant }))
  }
  // What came in the same millisecond goes by name.
  await sleep(2)
  const underWay = await claim(1)
  const order = underWay.map(({ event }) => event.tenant)
  for (let due = underWay.shift(); due; due = underWay.shift()) {
    await state.webhooks.settle(due, delivered)
    await sleep(2)
    const next = await claim(1)
    underWay.push(...next)
    order.push(...next.map(({ event }) => event.tenant))
  }
  expect(order.join('')).toBe('abcdabcd')
})

test('deliveries that an earlier version queued by host alone are sent', async () => {
  await state.webhooks.enqueue(event({ id: 'evt_old' }))
  const key = (name: string) => `${state.prefix}${name}`
  await state.redis.rename(key('due:example.com default'), key('due:example.com'))
  await state.redis.zrem(key('hosts'), 'example.com default')
  await state.redis.zadd(key('hosts'), Date.now(), 'example.com')
  await state.redis.hset(key('delivery:evt_old'), 'host', 'example.com')
  const [due] = await claim()
  expect(due?.event.id).toBe('evt_old')
  if (due) expect(await state.webhooks.settle(due, delivered)).toBe('delivered')
  expect(await state.redis.zcard(key('hosts'))).toBe(0)
})

test('a host goes on as its deliveries are settled', async () => {
  for (let i = 0; i < 7; i++) await state.webhooks.enqueue(event())
  let done = 0
  for (let round = 0; round < 7; round++) {
    for (const due of await claim(2)) {
      await state.webhooks.settle(due, delivered)
      done++
    }
  }
  expect(done).toBe(7)
})

test('a delivery whose sender died is claimed again; the late answer of the first does not count', async () => {
  await state.webhooks.enqueue(event())
  const [first] = await claim(4, 100)
  expect(await claim()).toEqual([])
  await sleep(150)
  const [second] = await claim()
  expect(second).toMatchObject({ attempt: 2 })
  if (first === undefined || second === undefined) throw new Error('nothing due')
  expect(await state.webhooks.settle(first, failed)).toBe('pending')
  expect(await state.webhooks.settle(second, delivered)).toBe('delivered')
})

test('a test event belongs to no job', async () => {
  await state.webhooks.enqueue(event({ job: null, type: 'test' }))
  const [due] = await claim()
  if (due === undefined) throw new Error('nothing due')
  expect(await state.webhooks.settle(due, { ...failed, gone: true })).toBe('stopped')
})

test('jobs that ended come up until their event is queued, only where the event is wanted', async () => {
  const webhook = { url: 'https://example.com/hook', events: ['job.succeeded' as const] }
  const wanted = await submit(state, { webhook })
  const other = await submit(state, { webhook })
  const none = await submit(state)
  for (const { id } of [wanted, none]) {
    await state.jobs.start(id, 'w')
    await state.jobs.finish(id, succeeded(1))
  }
  await state.jobs.requestCancel('default', other.id)
  expect((await state.webhooks.unannounced(10)).map(({ id, status }) => [id, status])).toEqual([
    [wanted.id, 'succeeded'],
  ])
  expect(await state.webhooks.unannounced(10)).toEqual([])
  await state.redis.zadd(`${state.prefix}unannounced`, 1, wanted.id)
  expect(await state.webhooks.unannounced(10)).toHaveLength(1)
  await state.webhooks.announced(wanted.id)
  expect(await state.redis.zcard(`${state.prefix}unannounced`)).toBe(0)
})

test('the bodies of a deleted job are deleted with it', async () => {
  const { id } = await submit(state)
  const one = event({ job: id })
  await state.webhooks.enqueue(one)
  await state.jobs.erase('default', id)
  expect(await claim()).toEqual([])
  expect(await state.webhooks.log(id)).toEqual([])
  expect(await state.redis.exists(`${state.prefix}delivery:${one.id}`)).toBe(0)
  // One that was on its way here at the deletion.
  await state.webhooks.enqueue({ ...one, id: 'evt_late' })
  expect(await claim()).toEqual([])
})

test('a record that cannot be read keeps no other from being announced', async () => {
  const webhook = { url: 'https://example.com/hook', events: ['job.canceled' as const] }
  const [odd, fine] = [await submit(state, { webhook }), await submit(state, { webhook })]
  for (const { id } of [odd, fine]) await state.jobs.requestCancel('default', id)
  await state.redis.hset(`${state.prefix}job:${odd.id}`, 'request', '{"version":3}')
  expect((await state.webhooks.unannounced(10)).map(({ id }) => id)).toEqual([fine.id])
  expect(state.errors).toHaveLength(1)
})

test('an event that nobody was there to queue outlives the expiry of its job', async () => {
  const webhook = { url: 'https://example.com/hook', events: ['job.canceled' as const] }
  const { id } = await submit(state, { webhook, expires_in: 1 })
  await state.jobs.requestCancel('default', id)
  await sleep(1050)
  expect(await state.jobs.sweep.expired()).toEqual([])
  expect(await state.jobs.get('default', id)).toEqual({ gone: 'expired' })
  expect((await state.webhooks.unannounced(10)).map((job) => job.id)).toEqual([id])
  await state.webhooks.announced(id)
  await state.redis.zadd(`${state.prefix}expiry`, 1, id)
  expect(await state.jobs.sweep.expired()).toEqual([id])
})

test('secrets are kept encrypted, and the one before signs until the overlap ends', async () => {
  expect(await state.webhooks.hasSecret('acme')).toBe(false)
  expect(await state.webhooks.secrets('acme')).toEqual([])
  const first = await state.webhooks.rotateSecret('acme')
  expect(await state.webhooks.hasSecret('acme')).toBe(true)
  expect(await state.webhooks.secrets('acme')).toEqual([first])
  const kept = await state.redis.zrange(`${state.prefix}secrets:acme`, '0', '-1')
  expect(kept.join()).not.toContain(first.slice(6, 30))
  const second = await state.webhooks.rotateSecret('acme', 200)
  expect(await state.webhooks.secrets('acme')).toEqual([second, first])
  await sleep(250)
  expect(await state.webhooks.secrets('acme')).toEqual([second])
})

test('a rotation that is repeated, or made by two at once, takes no secret from those who know it', async () => {
  const known = await state.webhooks.rotateSecret('acme')
  const twice = await Promise.all([state.webhooks.rotateSecret('acme'), state.webhooks.rotateSecret('acme')])
  const sign = await state.webhooks.secrets('acme')
  expect(sign.toSorted()).toEqual([known, ...twice].toSorted())
  expect(sign.at(-1)).toBe(known)
})

test('a rotation is refused while too many secrets overlap, and every secret that was given signs to the end of its overlap', async () => {
  const overlapMs = 1500
  const given: string[] = [await state.webhooks.rotateSecret('acme', overlapMs)]
  const start = performance.now()
  const replies = await Promise.allSettled(
    Array.from({ length: 10 }, () => state.webhooks.rotateSecret('acme', overlapMs)),
  )
  for (const reply of replies) {
    if (reply.status === 'fulfilled') given.push(reply.value)
    else {
      expect(reply.reason).toMatchObject({ name: 'TooManySecrets' })
      expect(reply.reason.waitMs).toBeGreaterThan(0)
      expect(reply.reason.waitMs).toBeLessThanOrEqual(overlapMs)
    }
  }
  expect(given).toHaveLength(4)
  expect((await state.webhooks.secrets('acme')).toSorted()).toEqual(given.toSorted())
  const { waitMs } = await state.webhooks.rotateSecret('acme', 60_000).catch((error) => error)
  // Refused rotations have prolonged nothing.
  expect(waitMs).toBeLessThanOrEqual(overlapMs - (performance.now() - start) + 100)
  await sleep(waitMs + 5)
  const next = await state.webhooks.rotateSecret('acme', overlapMs)
  const sign = await state.webhooks.secrets('acme')
  expect(sign[0]).toBe(next)
  expect(sign).not.toContain(given[0])
  expect(await state.webhooks.rotateSecret('other')).toMatch(/^whsec_/)
})

test('a secret can be withdrawn at once, however many sign', async () => {
  const given: string[] = []
  for (let i = 0; i < 4; i++) given.push(await state.webhooks.rotateSecret('acme'))
  const fresh = await state.webhooks.rotateSecret('acme', 0)
  expect(await state.webhooks.secrets('acme')).toEqual([fresh, ...given.slice(0, 3).reverse()])
})
