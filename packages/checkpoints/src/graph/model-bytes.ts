import { dirname, relative, sep } from 'node:path'
import { elementTypes, storedTypes } from './element-types.ts'
import type { Attribute, Constant, Graph, GraphNode, StoredWeight, ValueInfo } from './graph.ts'
import { floatField, integerField, lengthField, type Message } from './protobuf.ts'

/** The operators of ONNX 1.15: Gelu is one of them, and Cast knows the formats of 8 bits. */
const opset = 20
/** What ONNX 1.15 calls its file format. */
const irVersion = 9

/** A model for onnxruntime. Its weights stay in their files, which it finds below `folder`. */
interface ModelBytes {
  bytes: Uint8Array
  /** Absolute: the nearest folder that has all files of the weights below it. */
  folder: string
}

/** An ONNX file, in memory, of a graph. Field numbers: onnx.proto. */
export function modelBytes(graph: Graph): ModelBytes {
  const files = [...new Set(graph.weights.map(({ tensor }) => tensor.file))]
  const folder = commonFolder(files)
  const locations = new Map(files.map((file) => [file, relative(folder, file).split(sep).join('/')]))
  const fields = [
    ...graph.nodes.map((node) => lengthField(1, nodeProto(node))),
    lengthField(2, 'network'),
    ...graph.constants.map((constant) => lengthField(5, constantProto(constant))),
    ...graph.weights.map((weight) => lengthField(5, weightProto(weight, locations))),
    ...graph.inputs.map((info) => lengthField(11, valueInfo(info))),
    ...graph.outputs.map((info) => lengthField(12, valueInfo(info))),
    ...graph.values.map((info) => lengthField(13, valueInfo(info))),
  ]
  const domains = [...new Set(graph.nodes.map(({ type }) => splitType(type).domain))].filter((name) => name !== '')
  const bytes = Buffer.concat([
    integerField(1, irVersion),
    lengthField(2, 'pentimento'),
    lengthField(7, fields),
    lengthField(8, [lengthField(1, ''), integerField(2, opset)]),
    ...domains.map((domain) => lengthField(8, [lengthField(1, domain), integerField(2, 1)])),
  ])
  return { bytes, folder }
}

/** `com.microsoft.Gelu` is Gelu of com.microsoft. */
function splitType(type: string): { domain: string; operator: string } {
  const dot = type.lastIndexOf('.')
  return { domain: type.slice(0, Math.max(dot, 0)), operator: type.slice(dot + 1) }
}

function nodeProto({ type, inputs, outputs, attributes }: GraphNode): Message {
  const { domain, operator } = splitType(type)
  return [
    ...inputs.map((name) => lengthField(1, name)),
    ...outputs.map((name) => lengthField(2, name)),
    lengthField(3, outputs[0] ?? ''),
    lengthField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => lengthField(5, attributeProto(name, value))),
    ...(domain === '' ? [] : [lengthField(7, domain)]),
  ]
}

/** Field 20 is the attribute's type. */
function attributeProto(name: string, value: Attribute): Message {
  const head = lengthField(1, name)
  if (typeof value === 'string') return [head, lengthField(4, value), integerField(20, 3)]
  if (typeof value === 'number') return [head, integerField(3, value), integerField(20, 2)]
  if ('float' in value) return [head, floatField(2, value.float), integerField(20, 1)]
  return [head, ...value.map((item) => integerField(8, item)), integerField(20, 7)]
}

function constantProto({ name, type, shape, data }: Constant): Message {
  return [
    ...shape.map((dim) => integerField(1, dim)),
    integerField(2, elementTypes[type]),
    lengthField(8, name),
    lengthField(9, data),
  ]
}

function weightProto({ name, tensor, shape }: StoredWeight, locations: ReadonlyMap<string, string>): Message {
  const place = {
    location: locations.get(tensor.file) ?? '',
    offset: String(tensor.offset),
    length: String(tensor.length),
  }
  return [
    ...shape.map((dim) => integerField(1, dim)),
    integerField(2, elementTypes[storedTypes[tensor.dtype] ?? 'float32']),
    lengthField(8, name),
    ...Object.entries(place).map(([key, value]) => lengthField(13, [lengthField(1, key), lengthField(2, value)])),
    // EXTERNAL
    integerField(14, 1),
  ]
}

function valueInfo({ name, type, shape }: ValueInfo): Message {
  const dims = shape.map((dim) =>
    lengthField(1, [typeof dim === 'number' ? integerField(1, dim) : lengthField(2, dim)]),
  )
  const tensor = [integerField(1, elementTypes[type]), lengthField(2, dims)]
  return [lengthField(1, name), lengthField(2, [lengthField(1, tensor)])]
}

/** @param files absolute, at least one */
function commonFolder(files: readonly string[]): string {
  let folder = dirname(files[0] ?? sep)
  const isBelow = (file: string) => !relative(folder, file).startsWith('..')
  while (!files.every(isBelow) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}
