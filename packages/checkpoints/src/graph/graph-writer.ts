import { CheckpointError, quote } from '../errors.ts'
import type { Tensor, Weights } from '../weights.ts'
import { type ComputeType, type ElementType, elementTypes, storedTypes } from './element-types.ts'
import type { Attribute, Constant, Graph, GraphNode, Sizes, StoredWeight, Value, ValueInfo } from './graph.ts'

/** Grows a graph over a part's weights, node by node. */
export interface GraphWriter {
  /** What the network computes in. */
  type: ComputeType
  /** Adds an operator with one output. */
  node(type: string, inputs: readonly Value[], attributes?: Record<string, Attribute>): Value
  /** Adds an operator with several. */
  nodes(type: string, inputs: readonly Value[], attributes: Record<string, Attribute>, outputs: number): Value[]
  /**
   * Where a weight is read, in the type that is computed in. It stays where it is stored, and is widened or narrowed
   * while the graph is loaded.
   *
   * @param shape another reading of the same numbers
   * @throws CheckpointError if there is none, or one of another size
   */
  weight(name: string, options?: { shape?: readonly number[]; type?: ComputeType }): Value
  /** A tensor that is none of the part's own, in float32, under a name that the graph has not yet. */
  foreign(name: string, tensor: Tensor, shape: readonly number[]): Value
  has(name: string): boolean
  /** @throws CheckpointError if there is none */
  tensor(name: string): Tensor
  integers(values: readonly number[]): Value
  /** In the type that is computed in. */
  floats(values: ArrayLike<number>, shape: readonly number[], type?: ComputeType): Value
  cast(value: Value, to: ElementType): Value
  /** From float32 to the type that is computed in, and back. */
  narrow(value: Value): Value
  widen(value: Value): Value
  input(name: string, type: ElementType, shape: Sizes): Value
  output(name: string, value: Value, type: ElementType, shape: Sizes): void
  /**
   * Says what sizes a value has. Where onnxruntime cannot tell that two sizes are equal, memory that was given back
   * fits nothing, and all of it is looked through for each value: time that grows with the square of how many there
   * are. Memory is planned by it: it must be so.
   *
   * @param type nothing is said of a value in another type than is computed in
   */
  sized(value: Value, sizes: Sizes, type?: ElementType): Value
  /** As an input's or {@link sized}. */
  sizesOf(value: Value): Sizes | undefined
  /** Names of the weights that no node reads. */
  unread(): string[]
  /** Grows the same graph over the weights of another network, whose names begin so in the graph. */
  beside(weights: Weights, part: string, prefix: string): GraphWriter
  finish(): Graph
}

/** What has been written so far. */
interface Draft {
  nodes: GraphNode[]
  constants: Map<string, Constant>
  stored: Map<string, StoredWeight>
  inputs: ValueInfo[]
  outputs: ValueInfo[]
  casts: Map<string, Value>
  sizes: Map<Value, ValueInfo>
  /** Of names that were made up. */
  count: number
}

/** @param part how errors call what the weights are of */
export function graphWriter(weights: Weights, part: string, type: ComputeType = 'float32'): GraphWriter {
  const maps = { constants: new Map(), stored: new Map(), casts: new Map(), sizes: new Map() }
  return writerOf({ nodes: [], inputs: [], outputs: [], ...maps, count: 0 }, weights, { part, type, prefix: '' })
}

/** @param options.prefix of the weights' names in the graph */
function writerOf(
  draft: Draft,
  weights: Weights,
  { part, type, prefix }: { part: string; type: ComputeType; prefix: string },
): GraphWriter {
  const { nodes, stored, inputs, outputs, casts, sizes } = draft
  const read = new Set<string>()

  function add(operator: string, from: readonly Value[], attributes: Record<string, Attribute>, to: Value[]): void {
    nodes.push({ type: operator, inputs: from, outputs: to, attributes })
  }
  function node(operator: string, from: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    const name = `${operator.slice(operator.lastIndexOf('.') + 1)}_${draft.count++}`
    add(operator, from, attributes, [name])
    return name
  }
  function tensor(name: string): Tensor {
    const found = weights.get(name)
    if (!found) throw new CheckpointError(`Its ${part} lacks ${quote(name)}: it is not complete. Fetch the file again.`)
    return found
  }
  function castFrom(value: Value, from: ElementType, to: ElementType): Value {
    if (from === to) return value
    const key = `${value} ${to}`
    const known = casts.get(key) ?? node('Cast', [value], { to: elementTypes[to] })
    casts.set(key, known)
    return known
  }
  function sized(value: Value, shape: Sizes, elements: ElementType = type): Value {
    if (elements === type) sizes.set(value, { name: value, type, shape })
    return value
  }

  return {
    type,
    node,
    tensor,
    has: (name) => weights.has(name),
    nodes(operator, from, attributes, size) {
      const names = Array.from({ length: size }, () => `${operator}_${draft.count++}`)
      add(operator, from, attributes, names)
      return names
    },
    weight(name, { shape, type: wanted = type } = {}) {
      const found = tensor(name)
      read.add(name)
      const as = shape ?? found.shape
      const from = typeOf(found, as, `Its ${part} has ${quote(name)}`)
      const own = prefix + name
      const value = as.join() === found.shape.join() ? own : `${own} as ${as.join('×')}`
      stored.set(value, { name: value, tensor: found, shape: as })
      return castFrom(value, from, wanted)
    },
    foreign(name, found, shape) {
      stored.set(name, { name, tensor: found, shape })
      return castFrom(name, typeOf(found, shape, `A LoRA has ${quote(name)}`), 'float32')
    },
    integers: (values) => constantOf(draft, 'int64', [values.length], bytesOf(BigInt64Array.from(values, BigInt))),
    floats(values, shape, wanted = type) {
      const elements = wanted === 'float16' ? Float16Array.from(values) : Float32Array.from(values)
      return constantOf(draft, wanted, shape, bytesOf(elements))
    },
    cast: (value, to) => node('Cast', [value], { to: elementTypes[to] }),
    narrow: (value) => castFrom(value, 'float32', type),
    widen: (value) => castFrom(value, type, 'float32'),
    input(name, elements, shape) {
      inputs.push({ name, type: elements, shape })
      return sized(name, shape, elements)
    },
    output(name, value, elements, shape) {
      add('Identity', [value], {}, [name])
      outputs.push({ name, type: elements, shape })
    },
    sized,
    sizesOf: (value) => sizes.get(value)?.shape,
    unread: () => [...weights.keys()].filter((name) => !read.has(name)),
    beside: (others, name, beginning) => writerOf(draft, others, { part: name, type, prefix: beginning }),
    finish: () => graphOf(draft),
  }
}

/** What stands in the graph already is not written twice. */
function constantOf({ constants }: Draft, type: ElementType, shape: readonly number[], data: Uint8Array): Value {
  const key = `${type} ${shape} ${Buffer.from(data).toString('base64')}`
  const name = constants.get(key)?.name ?? `constant_${constants.size}`
  constants.set(key, { name, type, shape, data })
  return name
}

function graphOf({ nodes, constants, stored, inputs, outputs, sizes }: Draft): Graph {
  const given = new Set(inputs.map(({ name }) => name))
  const values = [...sizes.values()].filter(({ name }) => !given.has(name))
  return { nodes, constants: [...constants.values()], weights: [...stored.values()], inputs, outputs, values }
}

/** @throws CheckpointError for a weight that cannot be read in that shape */
function typeOf({ dtype, shape }: Tensor, as: readonly number[], itHas: string): ElementType {
  const type = storedTypes[dtype]
  if (!type) throw new CheckpointError(`${itHas} in ${dtype}, which is no float.`)
  if (product(as) === product(shape)) return type
  const sizes = `${shape.join('×')} where ${as.join('×')} belongs`
  throw new CheckpointError(`${itHas} of ${sizes}: its layers do not fit together.`)
}

function product(dims: readonly number[]): number {
  return dims.reduce((result, dim) => result * dim, 1)
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
