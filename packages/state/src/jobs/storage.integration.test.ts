import { type JobInput, newJobId } from '@pentimento/contracts'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { openTestState, submit, succeeded, testRequest } from '../testing/state.ts'

let state: Awaited<ReturnType<typeof openTestState>>
beforeEach(async () => {
  state = await openTestState(inject('redisUrl'))
})
afterEach(() => state.close())

const inputs: JobInput[] = [
  { name: 'image', role: 'source', key: 'image.png', bytes: 15_000_000, width: 1000, height: 1000 },
  { name: 'mask', role: 'mask', key: 'mask.png', bytes: 5_000_000, width: 0, height: 0 },
]
/** Room for the results of the test request: one of 512 × 512. */
const resultRoom = (512 * 512 * 3) / 1e6
const record = 0.1
const storage = async () => (await state.tenants.usage('default')).storage
const image = { index: 0, seed: 1, variation_seed: 0, width: 512, height: 512, sha256: '' } as const

test('a job counts its inputs and room for its results, then its results, then nothing', async () => {
  const { id } = await submit(state, { inputs })
  expect(await storage()).toBeCloseTo(record + 20 + resultRoom)
  await state.jobs.start(id, 'w')
  const images = [{ ...image, content_type: 'image/png' as const, bytes: 400_000 }]
  await state.jobs.finish(id, { ...succeeded(1), images })
  expect(await storage()).toBeCloseTo(record + 20 + 0.4)
  expect(await state.jobs.sweep.inputs()).toEqual([{ id, tenant: 'default' }])
  // A minute passes before they come up again.
  expect(await state.jobs.sweep.inputs()).toEqual([])
  for (let times = 0; times < 2; times++) await state.jobs.sweep.inputsErased({ id, tenant: 'default' })
  expect(await storage()).toBeCloseTo(record + 0.4)
  await state.jobs.erase('default', id)
  expect(await storage()).toBeCloseTo(record + 0.4)
  for (let times = 0; times < 2; times++) await state.jobs.sweep.objectsErased({ id, tenant: 'default' })
  expect(await storage()).toBe(0)
  await state.jobs.sweep.swept({ id, tenant: 'default' })
  expect(await storage()).toBe(0)
})

test('every end lets the inputs go', async () => {
  const canceled = await submit(state, { inputs })
  await state.jobs.requestCancel('default', canceled.id)
  const expired = await submit(state, { inputs, deadline: 1 })
  await new Promise((resolve) => setTimeout(resolve, 1050))
  await state.jobs.sweep.deadlines()
  const failed = await submit(state, { inputs })
  await state.jobs.finish(failed.id, { ...succeeded(0), status: 'failed', images: [] })
  const running = await submit(state, { inputs })
  await state.jobs.start(running.id, 'w')
  const due = (await state.jobs.sweep.inputs()).map(({ id }) => id)
  expect(due.sort()).toEqual([canceled.id, expired.id, failed.id].sort())
  for (const id of due) await state.jobs.sweep.inputsErased({ id, tenant: 'default' })
  expect(await storage()).toBeCloseTo(4 * record + 20 + resultRoom)
})

test('a tenant at its limit is refused until there is room, and others are not', async () => {
  const admission = { maxStorage: 45 }
  const begin = (tenant: string) =>
    state.jobs.begin({ id: newJobId(), request: testRequest({ tenant, inputs }), admission })
  const first = await submit(state, { inputs })
  const all = await Promise.all(Array.from({ length: 6 }, () => begin('default')))
  expect(all.map(({ outcome }) => outcome).sort()).toEqual(['created', ...Array(5).fill('refused')])
  expect(await begin('default')).toMatchObject({ outcome: 'refused', reason: 'storage_quota' })
  expect(await begin('other')).toMatchObject({ outcome: 'created' })
  await state.jobs.requestCancel('default', first.id)
  // When it expires, unless its inputs are deleted before.
  const refused = await begin('default')
  expect(refused).toMatchObject({ reason: 'storage_quota', retryAfterSeconds: expect.any(Number) })
  expect(refused.outcome === 'refused' && refused.retryAfterSeconds).toBeGreaterThan(86_000)
  await state.jobs.sweep.inputsErased({ id: first.id, tenant: 'default' })
  expect(await begin('default')).toMatchObject({ outcome: 'created' })
})

test('a submit that is taken back counts until its objects are gone', async () => {
  const id = newJobId()
  await state.jobs.begin({ id, request: testRequest({ inputs }) })
  expect(await state.jobs.abandon(id)).toBe(true)
  expect(await storage()).toBeCloseTo(record + 20 + resultRoom)
  await state.jobs.sweep.swept({ id, tenant: 'default' })
  expect(await storage()).toBe(0)
})
