import { errorTable } from '@pentimento/contracts'
import { ImageError } from '@pentimento/images'
import { StorageUnavailable } from '@pentimento/storage'
import { expect, it } from 'vitest'
import { EngineError, type EngineErrorCode } from '../engine/engine-error.ts'
import { errorOfCrash, errorOfFailure, JobFailure, leavesDeviceInDoubt } from './job-failure.ts'

const secret = '/srv/models/secret.onnx at Object.run'

it.each([
  [new EngineError('not_supported', 'clip_skip 2 is not supported'), 'not_supported', 'clip_skip 2 is not supported'],
  [new EngineError('empty_mask', 'The mask repaints nothing.'), 'empty_mask', 'The mask repaints nothing.'],
  [new EngineError('timeout', secret), 'timed_out', 'The job ran longer'],
  [new StorageUnavailable('read', new Error(secret)), 'storage_unavailable', 'The storage could not be reached'],
  [new ImageError('broken', 'the PNG picture cannot be decoded'), 'invalid_image', 'the PNG picture cannot be decoded'],
  [new JobFailure('input_lost', 'gone'), 'input_lost', 'gone'],
  [new TypeError(secret), 'internal_error', 'The job failed on our side.'],
  [secret, 'internal_error', 'The job failed on our side.'],
] as const)('tells the owner what %s means', (error, code, message) => {
  const told = errorOfFailure(error)
  expect(told).toMatchObject({ code, retryable: errorTable[code].retryable, message: expect.stringContaining(message) })
  expect(told.message).not.toContain('secret')
})

it('gives another try to what may be bad luck, and only to that; on memory the engine has the word', () => {
  const codes: Record<EngineErrorCode, string | null> = {
    crashed: 'engine_crashed',
    out_of_memory: 'out_of_memory',
    device_error: 'device_error',
    internal: 'internal_error',
    not_supported: null,
    model_unusable: null,
    too_few_steps: null,
    empty_mask: null,
    bad_output: null,
    timeout: null,
    canceled: null,
    unavailable: null,
  }
  for (const [code, expected] of Object.entries(codes)) {
    const error = errorOfCrash(new EngineError(code as EngineErrorCode, secret, secret))
    expect([code, error?.code ?? null]).toEqual([code, expected])
    if (code === 'out_of_memory') expect(error?.message).toBe(secret)
    else expect(error?.message ?? '').not.toContain('secret')
  }
  expect(errorOfCrash(new Error(secret))).toBeNull()
})

it('has the engine replaced after an error of the device, and after others only where nobody else runs in it', () => {
  const after = (code: EngineErrorCode, together: number) =>
    leavesDeviceInDoubt(new EngineError(code, '', undefined, together))
  expect([1, 8].map((together) => after('device_error', together))).toEqual([true, true])
  expect([1, 8].map((together) => after('out_of_memory', together))).toEqual([true, false])
  expect([1, 8].map((together) => after('internal', together))).toEqual([true, false])
  expect([1, 8].map((together) => after('bad_output', together))).toEqual([false, false])
})
