import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'

/** Makes of a weight, in float32 and of its own shape, what is read in its place: of the same shape. */
export type Fold = (writer: GraphWriter, base: Value) => Value

/** A writer that reads some weights changed, each computed once, whatever shapes it is read in. */
export function foldingWriter(writer: GraphWriter, folds: ReadonlyMap<string, Fold>): GraphWriter {
  const folded = new Map<string, Value>()
  return {
    ...writer,
    weight(name, options = {}) {
      const fold = folds.get(name)
      if (!fold) return writer.weight(name, options)
      const value = folded.get(name) ?? fold(writer, writer.weight(name, { type: 'float32' }))
      folded.set(name, value)
      const { shape, type = writer.type } = options
      const isOwn = shape === undefined || shape.join() === writer.tensor(name).shape.join()
      const shaped = isOwn ? value : writer.node('Reshape', [value, writer.integers(shape)])
      return type === 'float32' ? shaped : writer.cast(shaped, type)
    },
  }
}
