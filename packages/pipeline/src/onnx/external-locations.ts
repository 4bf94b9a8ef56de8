import { type Field, openProtobuf, type ProtobufFile } from './protobuf.ts'

/** Which fields of a message hold messages in which a tensor may stand. Field numbers: onnx.proto. */
type Message = 'model' | 'training' | 'function' | 'graph' | 'node' | 'attribute' | 'sparse' | 'tensor'
const inside: Record<Exclude<Message, 'tensor'>, Record<number, Message>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
}

/**
 * The names of all files outside an ONNX file that its tensors say they lie in: weights, and what stands in attributes,
 * in graphs within the graph, in functions or twice under one name.
 *
 * @throws RangeError if the file is no protobuf
 */
export function externalLocations(path: string): Set<string> {
  const file = openProtobuf(path)
  try {
    const found = new Set<string>()
    collect(file, { start: 0, end: file.size }, 'model', found)
    return found
  } finally {
    file.close()
  }
}

function collect(file: ProtobufFile, range: Pick<Field, 'start' | 'end'>, message: Message, found: Set<string>): void {
  for (const field of file.fields(range.start, range.end)) {
    if (message !== 'tensor') {
      const kind = inside[message][field.number]
      if (kind) collect(file, field, kind, found)
    } else if (field.number === 13) for (const location of locations(file, field)) found.add(location)
  }
}

/** Of a pair whose key or value stands twice, readers differ in which they take: all count. */
function locations(file: ProtobufFile, entry: Field): string[] {
  const fields = [...file.fields(entry.start, entry.end)]
  const texts = (number: number) => fields.filter((field) => field.number === number).map((field) => file.text(field))
  return texts(1).includes('location') ? texts(2) : []
}
