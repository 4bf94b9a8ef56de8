import { expect, test } from 'vitest'
import { oneOperator } from '../onnx/one-operator.ts'
import { openSession } from './runtime.ts'

const cpu = { executionProviders: ['cpu'], threads: 1 }
const one = (value: number) => ({ data: Float32Array.of(value), dims: [1] })

test('numbers become what the graph takes', async () => {
  const taken = { float32: 2.5, float64: 2.5, float16: 2.5, int64: 3, int32: 3 }
  for (const [type, value] of Object.entries(taken)) {
    const session = await openSession(oneOperator('Cast', { x: type }, 'float32', { to: 1 }), cpu)
    expect([...(await session.run({ x: one(2.5) }, ['y'])).y.data]).toEqual([value])
    await session.release()
  }
})

test('a type that cannot be made is refused by name', async () => {
  const session = await openSession(oneOperator('Not', { x: 'bool' }, 'bool'), cpu)
  await expect(session.run({ x: one(1) }, ['y'])).rejects.toMatchObject({
    code: 'model_unusable',
    message: 'The model takes an input of type bool.',
  })
  await session.release()
})

test('running out of memory is recognised, and the session goes on', async () => {
  const session = await openSession(oneOperator('Expand', { x: 'float32', shape: 'int64' }, 'float32'), cpu)
  const expand = (length: number) => session.run({ x: one(7), shape: one(length) }, ['y'])
  await expect(expand(2 ** 44)).rejects.toMatchObject({
    code: 'out_of_memory',
    message: expect.stringMatching(/^The device has too little memory\. A buffer of 70368\.7 GB was asked for\.$/),
  })
  expect([...(await expand(2)).y.data]).toEqual([7, 7])
  await session.release()
})

test('other failures are errors of the device', async () => {
  const session = await openSession(oneOperator('Expand', { x: 'float32', shape: 'int64' }, 'float32'), cpu)
  const feeds = { x: { data: Float32Array.of(1, 2), dims: [2] }, shape: one(3) }
  await expect(session.run(feeds, ['y'])).rejects.toMatchObject({ code: 'device_error' })
  await session.release()
})
