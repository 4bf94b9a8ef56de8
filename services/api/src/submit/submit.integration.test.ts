import { encode } from '@pentimento/images'
import { createOutbound } from '@pentimento/outbound'
import { keys } from '@pentimento/storage'
import { noTracing } from '@pentimento/tracing'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { HttpProblem } from '../http/problem.ts'
import { createTurns } from '../http/turns.ts'
import { startService, type TestService, testModel } from '../testing/service.ts'
import { createIntake } from './intake.ts'
import { type SubmitDeps, type SubmitInput, submit } from './submit.ts'

/** As a route of another API would call it: nothing of HTTP, values as they come out of JSON. */
let service: TestService
let deps: SubmitDeps
let outbound: ReturnType<typeof createOutbound>
let picture: Uint8Array
let mask: Uint8Array

beforeAll(async () => {
  service = await startService(inject('redisUrl'))
  outbound = createOutbound({ allow: [] })
  const { state, store, metrics } = service
  const limits = { safety: 'off' as const, maxQueueDepth: 10_000, tenantStorage: 20_000 }
  const own = { state, store, outbound, metrics, ...limits }
  const intake = createIntake(
    { ...own, defaultModel: testModel.id, auth: 'off', uploadMemory: 256e6 },
    createTurns({ places: 10 }),
  )
  deps = { ...own, tracing: noTracing, log: pino({ level: 'silent' }), webhookAllowHttp: false, intake }
  const white = { width: 96, height: 64, data: new Uint8Array(96 * 64 * 3).fill(255) }
  picture = await encode(white, { format: 'webp', quality: 90, metadata: null })
  mask = await encode({ ...white, width: 48 }, { format: 'png', quality: 90, metadata: null })
})

afterAll(async () => {
  await service.close()
  await outbound.close()
})

function inputOf(changes: Partial<SubmitInput> = {}): SubmitInput {
  const gone = new AbortController().signal
  return {
    caller: { tenant: 'default', keyId: null, scopes: ['submit'], limits: {}, signedUntil: null },
    kind: 'inpaint',
    fields: { prompt: 'a cat', steps: 4, soft: false, metadata: { from: 'elsewhere' } },
    files: [
      { name: 'mask', bytes: mask },
      { name: 'image', bytes: picture },
    ],
    key: undefined,
    gone,
    upload: deps.intake.uploads.open('default', gone),
    traceparent: null,
    ...changes,
  }
}

it('makes a job of plain values and bytes, and keeps its inputs as a list', async () => {
  const { job, replayed } = await submit(deps, inputOf())
  expect(replayed).toBe(false)
  expect(job).toMatchObject({
    status: 'queued',
    accepted: true,
    request: {
      kind: 'inpaint',
      metadata: { from: 'elsewhere' },
      parameters: { prompt: 'a cat', steps: 4, soft: false, sampler: 'dpmpp_2m' },
      inputs: [
        { name: 'image', role: 'source', key: 'image.webp', bytes: picture.length, width: 96, height: 64 },
        { name: 'mask', role: 'mask', key: 'mask.png', bytes: mask.length, width: 48, height: 64 },
      ],
    },
  })
  for (const [name, bytes] of [
    ['image.webp', picture],
    ['mask.png', mask],
  ] as const) {
    const stored = await service.store.read(keys.inputKey('default', job.id, name))
    expect(Buffer.from(stored ?? []).equals(bytes)).toBe(true)
  }
})

it('gives the same job for the same key, and says so', async () => {
  const first = await submit(deps, inputOf({ key: 'k-1' }))
  const again = await submit(deps, inputOf({ key: 'k-1', files: inputOf().files.toReversed() }))
  expect([again.job.id, again.replayed]).toEqual([first.job.id, true])
  const other = submit(deps, inputOf({ key: 'k-1', fields: { prompt: 'a dog' } }))
  await expect(other).rejects.toMatchObject({ code: 'idempotency_mismatch' })
})

it('refuses with the names of fields and files, for the route to put into its own words', async () => {
  const refused = async (changes: Partial<SubmitInput>) => {
    const error = await submit(deps, inputOf(changes)).catch((error: unknown) => error)
    if (!(error instanceof HttpProblem)) throw error
    return { code: error.code, pointers: error.options.errors?.map(({ pointer }) => pointer) }
  }
  const code = 'invalid_fields'
  expect(await refused({ fields: { prompt: 'a cat', steps: 0, sizes: 1 } })).toEqual({
    code,
    pointers: ['/steps', '/sizes'],
  })
  expect(await refused({ fields: {}, files: [{ name: 'photo', bytes: picture }] })).toEqual({
    code,
    pointers: ['/prompt', '/photo'],
  })
  expect(await refused({ fields: { prompt: '', image: 'text' }, files: [] })).toEqual({ code, pointers: ['/image'] })
  expect(await refused({ files: [] })).toEqual({ code: 'image_required', pointers: ['/image'] })
  expect(await refused({ files: [{ name: 'image', bytes: Buffer.from('text') }] })).toEqual({
    code: 'invalid_image',
    pointers: ['/image'],
  })
})

it('makes no job for a client that is gone', async () => {
  const before = (await service.state.tenants.usage('default')).jobs
  const gone = AbortSignal.abort(new HttpProblem('overloaded', 'the client has left'))
  await expect(submit(deps, inputOf({ gone }))).rejects.toThrow('the client has left')
  expect((await service.state.tenants.usage('default')).jobs).toBe(before)
})

it('says in its span how it ended', async () => {
  const ends: unknown[] = []
  const span = { traceparent: null, set: () => {}, end: (end?: { error?: string }) => void ends.push(end) }
  const traced = { ...deps, tracing: { ...noTracing, start: () => span } }
  const begin = vi.spyOn(deps.state.jobs, 'begin')
  begin.mockResolvedValueOnce({ outcome: 'mismatch' })
  await expect(submit(traced, inputOf())).rejects.toThrow(HttpProblem)
  begin.mockRejectedValueOnce(new Error('cut'))
  await expect(submit(traced, inputOf())).rejects.toThrow('cut')
  begin.mockRestore()
  await submit(traced, inputOf())
  expect(ends).toEqual([{ error: 'idempotency_mismatch' }, { error: 'failed' }, undefined])
})
