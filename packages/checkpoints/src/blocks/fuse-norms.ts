import type { Graph, GraphNode, Value } from '../graph/graph.ts'

const skipNorms: Record<string, { type: string; outputs: (normal: Value, sum: Value) => Value[] }> = {
  'com.microsoft.GroupNorm': { type: 'com.microsoft.SkipGroupNorm', outputs: (normal, sum) => [normal, sum] },
  LayerNormalization: {
    type: 'com.microsoft.SkipLayerNormalization',
    outputs: (normal, sum) => [normal, '', '', sum],
  },
}

/**
 * Makes one operator of a norm and the sum before it, where the CUDA provider has one: it adds two values and a bias,
 * and gives the sum as well. Of a sum's operands one may be a layer that adds a bias of its own, which it then leaves
 * to the norm.
 */
export function fuseNorms(graph: Graph): Graph {
  const nodes: (GraphNode | null)[] = [...graph.nodes]
  const places = new Map<Value, number>()
  const readers = new Map<Value, number[]>()
  nodes.forEach((node, place) => {
    for (const output of node?.outputs ?? []) places.set(output, place)
    for (const input of node?.inputs ?? []) readers.set(input, [...(readers.get(input) ?? []), place])
  })
  // Weights, and what is computed of weights alone.
  const stored = new Set([...graph.weights, ...graph.constants].map(({ name }) => name))
  for (const { inputs, outputs } of graph.nodes)
    if (inputs.every((input) => input === '' || stored.has(input))) for (const output of outputs) stored.add(output)
  const isStored = (value: Value) => stored.has(value)
  const producer = (value: Value) => nodes[places.get(value) ?? -1] ?? null
  const isReadOnce = (value: Value) => readers.get(value)?.length === 1

  /** Takes the bias out of the layer that a value comes from. Null if it has none that others could add. */
  function takeBias(value: Value, layer: 'Add' | 'com.microsoft.NhwcConv'): { value: Value; bias: Value } | null {
    const node = producer(value)
    if (!node || !isReadOnce(value)) return null
    const [first = '', second = '', third] = node.inputs
    const place = places.get(value) ?? -1
    if (node.type === 'Reshape') {
      const inner = takeBias(first, layer)
      if (!inner) return null
      nodes[place] = { ...node, inputs: [inner.value, second] }
      return { value, bias: inner.bias }
    }
    if (node.type !== layer) return null
    if (layer === 'Add' && isStored(second)) {
      nodes[place] = null
      return { value: first, bias: second }
    }
    if (layer === 'Add' || third === undefined) return null
    nodes[place] = { ...node, inputs: [first, second] }
    return { value, bias: third }
  }

  /** What is added up to a value. */
  function takeSum(value: Value): Value[] | null {
    const node = producer(value)
    if (node?.type === 'com.microsoft.BiasAdd') {
      const [product = '', bias = '', around = ''] = node.inputs
      return [product, around, bias]
    }
    if (node?.type !== 'Add' || node.inputs.some(isStored)) return null
    const [one = '', other = ''] = node.inputs
    for (const layer of ['Add', 'com.microsoft.NhwcConv'] as const) {
      const ofOne = takeBias(one, layer)
      if (ofOne) return [ofOne.value, other, ofOne.bias]
      // The second operand may be a vector for each picture, which only the place of the second can be.
      const ofOther = producer(other)?.type === 'Unsqueeze' ? null : takeBias(other, layer)
      if (ofOther) return [ofOther.value, one, ofOther.bias]
    }
    return [one, other]
  }

  nodes.forEach((node, place) => {
    const skip = skipNorms[node?.type ?? '']
    const [value = '', gamma = '', beta = ''] = node?.inputs ?? []
    if (!skip || !node || readers.get(value)?.[0] !== place) return
    const sum = takeSum(value)
    if (!sum) return
    const [one = '', other = '', ...bias] = sum
    const { axis: _, ...attributes } = node.attributes
    nodes[places.get(value) ?? -1] = null
    const isGroup = node.type === 'com.microsoft.GroupNorm'
    const inputs = isGroup ? [one, gamma, beta, other, ...bias] : [one, other, gamma, beta, ...bias]
    nodes[place] = { type: skip.type, inputs, attributes, outputs: skip.outputs(node.outputs[0] ?? '', value) }
    places.set(value, place)
  })
  return { ...graph, nodes: nodes.filter((node) => node !== null) }
}
