import { elementTypes } from '../graph/element-types.ts'
import type { Attribute, Constant, Graph, GraphNode, Value } from '../graph/graph.ts'

type Node = (type: string, inputs: readonly Value[], attributes?: Record<string, Attribute>) => Value

/**
 * A reference for onnxruntime's operators that only its CUDA provider has: the graph with each written out in ONNX's
 * own, after onnxruntime's docs/ContribOperators.md. Norms compute in float32, as its kernels do.
 */
export function plainOperators(graph: Graph): Graph {
  const constants: Constant[] = [...graph.constants]
  let count = 0

  function integers(values: readonly number[]): Value {
    const name = `plain_constant_${constants.length}`
    const data = new Uint8Array(BigInt64Array.from(values, BigInt).buffer)
    constants.push({ name, type: 'int64', shape: [values.length], data })
    return name
  }

  function plain({ type, inputs, outputs, attributes }: GraphNode): GraphNode[] {
    const added: GraphNode[] = []
    const node: Node = (operator, from, options = {}) => {
      const name = `plain_${count++}`
      added.push({ type: operator, inputs: from, outputs: [name], attributes: options })
      return name
    }
    const give = (values: readonly Value[]) => [
      ...added,
      ...values.map((value, i) => ({ type: 'Identity', inputs: [value], outputs: [outputs[i] ?? ''], attributes: {} })),
    ]
    const [x = '', second = '', third = '', skip = '', bias = ''] = inputs
    const float32 = (value: Value) => node('Cast', [value], { to: elementTypes.float32 })

    function groupNorm(image: Value): Value {
      const groups = attributes.groups as number
      const epsilon = (attributes.epsilon as { float: number }).float
      const shape = node('Shape', [image])
      const [batch, channels] = [0, 3].map((at) => node('Slice', [shape, integers([at]), integers([at + 1])])) as [
        Value,
        Value,
      ]
      // [batch, places, groups, channels of one]
      const each = node('Div', [channels, integers([groups])])
      const parts = node('Reshape', [
        float32(image),
        node('Concat', [batch, integers([-1]), integers([groups]), each], { axis: 0 }),
      ])
      const axes = integers([1, 3])
      const centred = node('Sub', [parts, node('ReduceMean', [parts, axes])])
      const variance = node('ReduceMean', [node('Mul', [centred, centred]), axes])
      const deviation = node('Sqrt', [node('Add', [variance, float([epsilon])])])
      const normal = node('Reshape', [node('Div', [centred, deviation]), shape])
      const moved = node('Add', [node('Mul', [normal, second]), third])
      const active = attributes.activation === 1 ? node('Mul', [moved, node('Sigmoid', [moved])]) : moved
      return node('CastLike', [active, image])
    }
    function float(values: readonly number[]): Value {
      const name = `plain_constant_${constants.length}`
      constants.push({
        name,
        type: 'float32',
        shape: [values.length],
        data: new Uint8Array(Float32Array.from(values).buffer),
      })
      return name
    }

    switch (type) {
      case 'com.microsoft.NhwcConv': {
        const planar = node('Transpose', [x], { perm: [0, 3, 1, 2] })
        const weights = node('Transpose', [second], { perm: [0, 3, 1, 2] })
        const from = third === '' ? [planar, weights] : [planar, weights, third]
        return give([node('Transpose', [node('Conv', from, attributes)], { perm: [0, 2, 3, 1] })])
      }
      case 'com.microsoft.GroupNorm':
        return give([groupNorm(x)])
      case 'com.microsoft.SkipGroupNorm': {
        const both = node('Add', [x, skip])
        const sum = bias === '' ? both : node('Add', [both, bias])
        return give([groupNorm(sum), sum])
      }
      case 'com.microsoft.BiasAdd':
        return give([node('Add', [node('Add', [x, second]), third])])
      case 'com.microsoft.BiasSplitGelu': {
        const moved = node('Add', [x, second])
        const shape = node('Shape', [moved])
        const size = node('Slice', [shape, integers([2]), integers([3])])
        const half = node('Div', [size, integers([2])])
        const value = node('Slice', [moved, integers([0]), half, integers([2])])
        const gate = node('Slice', [moved, half, size, integers([2])])
        return give([node('Mul', [value, node('Gelu', [gate])])])
      }
      default:
        return [{ type, inputs, outputs, attributes }]
    }
  }
  const nodes = graph.nodes.flatMap(plain)
  return { ...graph, nodes, constants }
}
