import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { integerField, lengthField } from '@pentimento/checkpoints'
import { type Field, openProtobuf, type ProtobufFile } from './protobuf.ts'

/** TensorProto.DataType. */
const [float32, float16] = [1, 10]

/** Which fields of a message hold messages in which a type may stand. Field numbers: onnx.proto. */
type Message = 'model' | 'graph' | 'node' | 'attribute' | 'valueInfo' | 'type' | 'tensorType' | 'tensor'
const inside: Record<Exclude<Message, 'tensor'>, Record<number, Message>> = {
  model: { 7: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 11: 'valueInfo', 12: 'valueInfo', 13: 'valueInfo' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph' },
  valueInfo: { 2: 'type' },
  type: { 1: 'tensorType' },
  tensorType: {},
}

/**
 * A float16 ONNX file as a float32 one: inputs, outputs, weights and casts, with the weights of files beside it taken
 * in. Every standard operator that takes float16 takes float32 as well.
 *
 * @returns the new file's bytes; at most 2 GB, protobuf's limit
 */
export function recastToFloat32(path: string): Uint8Array {
  const file = openProtobuf(path)
  try {
    return Buffer.concat(rewrite(file, { start: 0, end: file.size }, 'model', dirname(path)))
  } finally {
    file.close()
  }
}

function rewrite(file: ProtobufFile, range: Pick<Field, 'start' | 'end'>, message: Message, dir: string): Uint8Array[] {
  if (message === 'tensor') return rewriteTensor(file, range, dir)
  const fields = [...file.fields(range.start, range.end)]
  const name = message === 'attribute' ? fields.find(({ number }) => number === 1) : undefined
  const isType = name !== undefined && ['to', 'dtype'].includes(file.text(name))
  return fields.map((field) => {
    const kind = inside[message][field.number]
    if (kind) return lengthField(field.number, rewrite(file, field, kind, dir))
    const holdsType = (message === 'tensorType' && field.number === 1) || (isType && field.number === 3)
    if (holdsType && field.value === float16) return integerField(field.number, float32)
    return file.bytes(field.begin, field.end)
  })
}

/** A weight with its numbers in it, widened if they are halves. */
function rewriteTensor(file: ProtobufFile, range: Pick<Field, 'start' | 'end'>, dir: string): Uint8Array[] {
  const fields = [...file.fields(range.start, range.end)]
  const isHalf = fields.some(({ number, value }) => number === 2 && value === float16)
  const rewritten: Uint8Array[] = []
  const place: Record<string, string> = {}
  for (const field of fields) {
    const bytes = () => file.bytes(field.start, field.end)
    if (field.number === 13) Object.assign(place, readEntry(file, field))
    else if (isHalf && field.number === 2) rewritten.push(integerField(2, float32))
    else if (isHalf && field.number === 9) rewritten.push(lengthField(9, widened(bytes())))
    else if (isHalf && field.number === 5) rewritten.push(lengthField(9, widened(unpacked(bytes()))))
    else if (field.number !== 14) rewritten.push(file.bytes(field.begin, field.end))
  }
  if (place.location !== undefined) {
    const all = readFileSync(join(dir, place.location))
    const offset = Number(place.offset ?? 0)
    const bytes = all.subarray(offset, place.length === undefined ? all.length : offset + Number(place.length))
    rewritten.push(lengthField(9, isHalf ? widened(bytes) : bytes))
  }
  return rewritten
}

/** One of the pairs that say where outside the file a weight's numbers are. */
function readEntry(file: ProtobufFile, entry: Field): Record<string, string> {
  let [key, value] = ['', '']
  for (const field of file.fields(entry.start, entry.end)) {
    if (field.number === 1) key = file.text(field)
    else if (field.number === 2) value = file.text(field)
  }
  return { [key]: value }
}

/** Halves, two bytes each, as single floats. Both little-endian, as ONNX has them. */
function widened(halves: Uint8Array): Uint8Array {
  const values = new Float16Array(new Uint8Array(halves).buffer)
  return new Uint8Array(Float32Array.from(values).buffer)
}

/** Halves that stand in a packed list of integers, as bytes. */
function unpacked(list: Uint8Array): Uint8Array {
  const halves: number[] = []
  let [value, scale] = [0, 1]
  for (const byte of list) {
    value += (byte & 0x7f) * scale
    scale *= 128
    if (byte >= 0x80) continue
    halves.push(value)
    value = 0
    scale = 1
  }
  return new Uint8Array(Uint16Array.from(halves).buffer)
}
