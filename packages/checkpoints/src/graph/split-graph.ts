import type { Graph, Value } from './graph.ts'

/** A graph in parts: what is computed once, and what reads that as inputs. */
interface SplitGraph {
  /** Each takes nothing, and gives one of the values. */
  once: Graph[]
  rest: Graph
}

/**
 * Takes the values that a graph calls changed out of it, but for those that are one Gemm over a stored weight: these
 * onnxruntime makes while it loads the graph, with no other value of their size. What several parts read stands in
 * each.
 */
export function splitChanged(graph: Graph): SplitGraph {
  const { inputs, outputs, values } = graph
  const stored = new Set(graph.weights.map(({ name }) => name))
  const whole = graph.nodes.filter(({ type, inputs: [, , base = ''] }) => type === 'Gemm' && stored.has(base))
  const atOnce = new Set(whole.flatMap((node) => node.outputs))
  const changed = (graph.changed ?? []).filter(({ name }) => !atOnce.has(name))
  if (changed.length === 0) return { once: [], rest: graph }
  const partFor = partsOf(graph)
  const given = new Set(changed.map(({ name }) => name))
  const made = outputs.map(({ name }) => name)
  return {
    once: changed.map((value) => ({ ...partFor([value.name], new Set()), inputs: [], outputs: [value], values: [] })),
    rest: { ...partFor(made, given), inputs: [...inputs, ...changed], outputs, values },
  }
}

type Part = Pick<Graph, 'nodes' | 'constants' | 'weights'>

/** Tells of a graph what makes some values, where others are given. */
function partsOf({ nodes, constants, weights }: Graph): (wanted: readonly Value[], given: ReadonlySet<Value>) => Part {
  const makers = new Map(nodes.flatMap(({ outputs }, place) => outputs.map((output) => [output, place] as const)))
  const constantsByName = new Map(constants.map((constant) => [constant.name, constant]))
  const weightsByName = new Map(weights.map((weight) => [weight.name, weight]))
  return (wanted, given) => {
    const places = new Set<number>()
    const values = new Set(wanted)
    // A set is walked to its end, with what is added on the way.
    for (const value of values) {
      const place = given.has(value) ? undefined : makers.get(value)
      if (place === undefined) continue
      places.add(place)
      for (const input of nodes[place]?.inputs ?? []) values.add(input)
    }
    const inOrder = [...places].sort((one, other) => one - other)
    return {
      nodes: inOrder.flatMap((place) => nodes[place] ?? []),
      constants: [...values].flatMap((value) => constantsByName.get(value) ?? []),
      weights: [...values].flatMap((value) => weightsByName.get(value) ?? []),
    }
  }
}
