import { expect, test } from 'vitest'
import { oneOperator } from '../onnx/one-operator.ts'
import { firstWorking, halfTensors, halvesOf } from './half.ts'
import { openSession } from './runtime.ts'

test('float16 inputs and outputs come through as the nearest halves', async () => {
  const model = oneOperator('Neg', { x: 'float16' }, 'float16')
  const session = await openSession(model, { executionProviders: ['cpu'] })
  expect(session.inputs).toEqual([{ name: 'x', type: 'float16', shape: ['x_length'] }])
  const data = Float32Array.of(0.1, -1 / 3, 65504, 1e-7, 2049, 70000)
  const { y } = await session.run({ x: { data, dims: [6] } }, ['y'])
  expect([...y.data]).toEqual([...data].map((value) => -new Float16Array([value])[0]))
  await session.release()
})

test('outputs of either array type are read', () => {
  const halves = Float16Array.of(1.5, -2)
  const bits = new Uint16Array(halves.buffer)
  expect(halvesOf(halves)).toEqual(bits)
  expect(halvesOf(bits)).toBe(bits)
  expect(() => halvesOf(Int8Array.of(1))).toThrow(TypeError)
})

test('the self-test passes over what fails and what brings wrong numbers', async () => {
  const plain = (data: Uint16Array, dims: readonly number[]) => ({
    type: 'float16',
    dims,
    data,
    location: 'cpu',
    size: data.length,
  })
  let tried = 0
  const make = await firstWorking([
    () => {
      tried++
      throw new TypeError('not this one')
    },
    (halves, dims) => {
      tried++
      return plain(new Uint16Array(halves.length), dims)
    },
    (halves, dims) => {
      tried++
      return plain(halves, dims)
    },
  ])
  expect(tried).toBe(3)
  expect(make(Uint16Array.of(0x3c00), [1]).data).toEqual(Uint16Array.of(0x3c00))
})

test('where float16 cannot be passed at all, the error says what to do', async () => {
  await expect(firstWorking([])).rejects.toMatchObject({
    code: 'device_error',
    message: expect.stringMatching(/Take a float32 export of the model/),
  })
})

test('on this machine a way is found, and kept', async () => {
  expect(await halfTensors()).toBe(await halfTensors())
})
