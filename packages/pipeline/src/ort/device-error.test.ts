import { describe, expect, test } from 'vitest'
import { PipelineError } from '../errors.ts'
import { plainRequest } from '../parity/pipeline-cases.ts'
import type { GenerateRequest } from '../request.ts'
import { deviceError, withRemedy } from './device-error.ts'

const image = { width: 8, height: 8, data: new Uint8Array(192) }
const request: GenerateRequest = { ...plainRequest, image, width: 2048, height: 1536, numImages: 1 }

describe('memory that ran out is told from other failures', () => {
  test.each([
    'Non-zero status code returned while running MatMul node. Failed to allocate memory for requested buffer of size 939524096',
    'CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size)',
    'CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED',
    'vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY',
    'Buffer size (3185049600) exceeds the max buffer size limit (1073741824)',
    'WebGPU validation failed. [Invalid Buffer (unlabeled)] is invalid due to a previous error.',
    'Failed to download data from buffer. wgpu::MapAsyncStatus value: 3, message:',
    'numbers_storage_buffers_ <= limits_.maxStorageBuffersPerShaderStage was false.',
    'std::bad_alloc',
  ])('%s', (text) => {
    expect(deviceError(new Error(text)).code).toBe('out_of_memory')
  })

  test.each([
    'CUDA failure 700: an illegal memory access was encountered',
    'WebGPU device lost',
    'Failed to download data from buffer. wgpu::MapAsyncStatus value: 4, message: the device was destroyed',
    'invalid expand shape',
  ])('but not: %s', (text) => {
    const cause = new Error(text)
    expect(deviceError(cause)).toMatchObject({ code: 'device_error', cause })
    expect(deviceError(cause).message).not.toContain(text)
  })
})

test('says what was asked for, what did not fit and what to do', () => {
  const error = deviceError(new Error('Failed to allocate memory for requested buffer of size 939524096'))
  expect(withRemedy(error, request)).toMatchObject({
    code: 'out_of_memory',
    message:
      'The device has too little memory. A buffer of 0.9 GB was asked for. A picture of 2048×1536 did not fit. Take a smaller width and height.',
  })
  const limit = new Error('Buffer size (3185049600) exceeds the max buffer size limit (1073741824)')
  expect(deviceError(limit).message).toBe('The device has too little memory. A buffer of 3.2 GB was asked for.')
  expect(withRemedy(new RangeError('Array buffer allocation failed'), { ...request, numImages: 3 })).toMatchObject({
    code: 'out_of_memory',
    message:
      'There is too little memory. 3 pictures at once of 2048×1536 did not fit. Take fewer images or a smaller width and height.',
  })
})

test('leaves every other error as it is', () => {
  for (const error of [new PipelineError('empty_mask', 'x'), new RangeError('Invalid array length'), new Error('y')]) {
    expect(withRemedy(error, request)).toBe(error)
  }
})
