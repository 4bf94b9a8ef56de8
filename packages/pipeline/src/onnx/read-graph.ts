import { type Field, openProtobuf, type ProtobufFile } from './protobuf.ts'
import { elementTypes, type TensorInfo } from './tensor-info.ts'

/** Where a weight's bytes lie: in the graph's own file, or in the file `external` beside it. */
interface WeightInfo {
  type: string
  offset: number
  length: number
  external: string | null
}

/** An operator: what it is and what it reads. */
interface OperatorInfo {
  type: string
  inputs: readonly string[]
}

/** What an ONNX file says without its weights being read. Field numbers: onnx.proto, IR version 3 and later. */
export interface OnnxGraph {
  inputs: TensorInfo[]
  outputs: TensorInfo[]
  /** Operators outside the standard set, as `domain.Operator`. */
  customOperators: Set<string>
  /** Names of the files beside the graph that hold weights. */
  externalFiles: Set<string>
  weights: Map<string, WeightInfo>
  /** Each value's name to the operator that makes it. */
  producers: Map<string, OperatorInfo>
}

/** @throws RangeError if the file is no protobuf or holds no graph. */
export function readOnnxGraph(path: string): OnnxGraph {
  const file = openProtobuf(path)
  try {
    for (const field of file.fields(0, file.size)) {
      if (field.number === 7) return readGraph(file, field)
    }
    throw new RangeError('The file holds no graph.')
  } finally {
    file.close()
  }
}

function readGraph(file: ProtobufFile, graph: Field): OnnxGraph {
  const result: OnnxGraph = {
    inputs: [],
    outputs: [],
    customOperators: new Set(),
    externalFiles: new Set(),
    weights: new Map(),
    producers: new Map(),
  }
  for (const field of file.fields(graph.start, graph.end)) {
    if (field.number === 1) {
      const { operator, outputs } = readOperator(file, field)
      if (operator.type.includes('.')) result.customOperators.add(operator.type)
      for (const output of outputs) result.producers.set(output, operator)
    } else if (field.number === 5) {
      const { name, weight } = readWeight(file, field)
      result.weights.set(name, weight)
      if (weight.external !== null) result.externalFiles.add(weight.external)
    } else if (field.number === 11) result.inputs.push(readValueInfo(file, field))
    else if (field.number === 12) result.outputs.push(readValueInfo(file, field))
  }
  // Old exports list the weights among the inputs.
  result.inputs = result.inputs.filter((input) => !result.weights.has(input.name))
  return result
}

function readOperator(file: ProtobufFile, node: Field): { operator: OperatorInfo; outputs: string[] } {
  const inputs: string[] = []
  const outputs: string[] = []
  let type = ''
  let domain = ''
  for (const field of file.fields(node.start, node.end)) {
    if (field.number === 1) inputs.push(file.text(field))
    else if (field.number === 2) outputs.push(file.text(field))
    else if (field.number === 4) type = file.text(field)
    else if (field.number === 7) domain = file.text(field)
  }
  return { operator: { type: domain === '' || domain === 'ai.onnx' ? type : `${domain}.${type}`, inputs }, outputs }
}

function readWeight(file: ProtobufFile, tensor: Field): { name: string; weight: WeightInfo } {
  let name = ''
  const weight: WeightInfo = { type: 'undefined', offset: 0, length: 0, external: null }
  for (const field of file.fields(tensor.start, tensor.end)) {
    if (field.number === 2) weight.type = elementTypes[field.value] ?? 'undefined'
    else if (field.number === 8) name = file.text(field)
    else if (field.number === 9 || field.number === 4) {
      weight.offset = field.start
      weight.length = field.end - field.start
    } else if (field.number === 13) readExternalEntry(file, field, weight)
  }
  return { name, weight }
}

function readExternalEntry(file: ProtobufFile, entry: Field, weight: WeightInfo): void {
  let key = ''
  let value = ''
  for (const field of file.fields(entry.start, entry.end)) {
    if (field.number === 1) key = file.text(field)
    else if (field.number === 2) value = file.text(field)
  }
  if (key === 'location') weight.external = value
  else if (key === 'offset') weight.offset = Number(value)
  else if (key === 'length') weight.length = Number(value)
}

function readValueInfo(file: ProtobufFile, info: Field): TensorInfo {
  const result: TensorInfo = { name: '', type: 'undefined', shape: [] }
  for (const field of file.fields(info.start, info.end)) {
    if (field.number === 1) result.name = file.text(field)
    else if (field.number === 2) {
      for (const tensor of file.fields(field.start, field.end)) {
        if (tensor.number === 1) readTensorType(file, tensor, result)
      }
    }
  }
  return result
}

function readTensorType(file: ProtobufFile, type: Field, into: TensorInfo): void {
  for (const field of file.fields(type.start, type.end)) {
    if (field.number === 1) into.type = elementTypes[field.value] ?? 'undefined'
    else if (field.number === 2) {
      for (const dim of file.fields(field.start, field.end)) {
        let size: number | string = '?'
        for (const part of file.fields(dim.start, dim.end)) size = part.number === 1 ? part.value : file.text(part)
        into.shape.push(size)
      }
    }
  }
}
