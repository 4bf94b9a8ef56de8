import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { integerField, lengthField } from '@pentimento/checkpoints'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Session } from '../ort/graph.ts'
import { openSession } from '../ort/runtime.ts'
import { recastToFloat32 } from './recast.ts'

const cpu = { executionProviders: ['cpu'], threads: 1 }
const [float32, float16] = [1, 10]
let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'pentimento-recast-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

/** y = x · 2048 + weight, which beyond ±32 is too much for float16. */
function overflowing(weight: Uint8Array[]): string {
  const tensor = (name: string, ...numbers: Uint8Array[]): Uint8Array =>
    lengthField(5, [integerField(1, 1), integerField(2, float16), ...numbers, lengthField(8, name)])
  const node = (type: string, inputs: string[], output: string, ...attributes: Uint8Array[]): Uint8Array =>
    lengthField(1, [
      ...inputs.map((name) => lengthField(1, name)),
      lengthField(2, output),
      lengthField(4, type),
      ...attributes,
    ])
  const to = (type: number): Uint8Array =>
    lengthField(5, [lengthField(1, 'to'), integerField(3, type), integerField(20, 2)])
  const value = (name: string): Uint8Array[] => {
    const shape = lengthField(2, [lengthField(1, [lengthField(2, 'n')])])
    return [lengthField(1, name), lengthField(2, [lengthField(1, [integerField(1, float16), shape])])]
  }
  const graph = [
    node('Mul', ['x', 'factor'], 'a'),
    node('Add', ['a', 'weight'], 'b'),
    node('Cast', ['b'], 'c', to(float32)),
    node('Cast', ['c'], 'y', to(float16)),
    lengthField(2, 'overflowing'),
    tensor('factor', lengthField(9, new Uint8Array(Float16Array.of(2048).buffer))),
    tensor('weight', ...weight),
    lengthField(11, value('x')),
    lengthField(12, value('y')),
  ]
  const path = join(dir, 'model.onnx')
  const opset = [lengthField(1, ''), integerField(2, 17)]
  writeFileSync(path, Buffer.concat([integerField(1, 8), lengthField(7, graph), lengthField(8, opset)]))
  return path
}

async function resultOf(session: Session): Promise<number[]> {
  const { y } = await session.run({ x: { data: Float32Array.of(1, -100), dims: [2] } }, ['y'])
  await session.release()
  return [...y.data]
}

const entry = (key: string, value: string): Uint8Array => lengthField(13, [lengthField(1, key), lengthField(2, value)])

describe('a float16 graph that overflows computes in float32', () => {
  test.each([
    ['as bytes', [lengthField(9, new Uint8Array(Float16Array.of(512).buffer))]],
    // 512 is 0x6000 as a half.
    ['in a list of integers', [lengthField(5, Uint8Array.of(0x80, 0xc0, 0x01))]],
    [
      'in a file beside it',
      [entry('location', 'weights.bin'), entry('offset', '4'), entry('length', '2'), integerField(14, 1)],
    ],
  ])('its weight %s', async (_, weight) => {
    writeFileSync(join(dir, 'weights.bin'), new Uint8Array(Float16Array.of(9, 9, 512, 9).buffer))
    const path = overflowing(weight)
    const narrow = await openSession(path, cpu)
    expect(narrow.inputs[0].type).toBe('float16')
    expect((await resultOf(narrow)).map(Number.isFinite)).toEqual([true, false])
    const wide = await openSession(recastToFloat32(path), cpu)
    expect([wide.inputs[0].type, wide.outputs[0].type]).toEqual(['float32', 'float32'])
    expect(await resultOf(wide)).toEqual([2560, -204288])
  })
})
