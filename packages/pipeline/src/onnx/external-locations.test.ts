import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { integerField, lengthField } from '@pentimento/checkpoints'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fixtureModel } from '../parity/pipeline-cases.ts'
import { externalLocations } from './external-locations.ts'

let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'pentimento-locations-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

type Parts = Uint8Array | Uint8Array[]
const entry = (...fields: [number, string][]) =>
  lengthField(
    13,
    fields.map(([number, text]) => lengthField(number, text)),
  )
/** A tensor in a file `../name`, as a field of whatever holds it. */
const tensor = (field: number, location = '../secret') =>
  lengthField(field, [
    lengthField(8, 'weight'),
    entry([1, 'offset'], [2, '4']),
    entry([1, 'location'], [2, location]),
    integerField(14, 1),
  ])
const within = (field: number, content: Parts) => lengthField(field, Array.isArray(content) ? content : [content])

/** In the words of onnx.proto, from the outermost message to the tensor. */
const places: [string, Parts][] = [
  ['an initializer', within(7, tensor(5))],
  ['two initializers of one name', within(7, [tensor(5), tensor(5, 'weights.pb')])],
  ['a second graph', [within(7, tensor(5, 'weights.pb')), within(7, tensor(5))]],
  ['an attribute', within(7, within(1, within(5, tensor(5))))],
  ['a list of an attribute', within(7, within(1, within(5, tensor(10))))],
  ['a graph of an attribute', within(7, within(1, within(5, within(6, tensor(5)))))],
  ['a list of graphs', within(7, within(1, within(5, within(11, within(1, within(5, tensor(5)))))))],
  ['sparse values', within(7, within(15, tensor(1)))],
  ['sparse indices of an attribute', within(7, within(1, within(5, within(22, tensor(2)))))],
  ['a function', within(25, within(7, within(5, tensor(5))))],
  ['a function’s default', within(25, within(11, tensor(5)))],
  ['training', within(20, within(1, tensor(5)))],
  ['a pair with two keys', within(7, within(5, entry([1, 'location'], [2, '../secret'], [1, 'offset'])))],
  ['a pair with two values', within(7, within(5, entry([2, '../secret'], [1, 'location'], [2, 'weights.pb'])))],
]

test.each(places)('are found in %s', (_, content) => {
  const file = join(dir, 'model.onnx')
  writeFileSync(file, Buffer.concat(Array.isArray(content) ? content : [content]))
  expect(externalLocations(file)).toContain('../secret')
})

test('are none of a graph that holds its weights, and all of one that does not', () => {
  expect([...externalLocations(`${fixtureModel('tiny-sd1/unet')}/model.onnx`)]).toEqual([])
  expect([...externalLocations(`${fixtureModel('tiny-sd1-inpaint/unet')}/model.onnx`)]).toEqual(['weights.pb'])
})

test('a damaged file is refused', () => {
  const file = join(dir, 'damaged.onnx')
  writeFileSync(file, within(7, tensor(5)).subarray(0, 20))
  expect(() => externalLocations(file)).toThrow(RangeError)
})
