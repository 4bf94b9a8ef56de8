import type { Value, ValueInfo } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'

/** Makes of a weight, in float32 and of its own shape, what is read in its place: of the same shape. */
export type Fold = (writer: GraphWriter, base: Value) => Value

/** A writer that reads some weights changed, each computed once, whatever shapes it is read in. */
export function foldingWriter(writer: GraphWriter, folds: ReadonlyMap<string, Fold>): GraphWriter {
  const folded = new Map<string, ValueInfo>()
  return {
    ...writer,
    weight(name, options = {}) {
      const fold = folds.get(name)
      if (!fold) return writer.weight(name, options)
      const own = writer.tensor(name).shape
      const value = folded.get(name)?.name ?? fold(writer, writer.weight(name, { type: 'float32' }))
      folded.set(name, { name: value, type: 'float32', shape: own })
      const { shape, type = writer.type } = options
      const isOwn = shape === undefined || shape.join() === own.join()
      const shaped = isOwn ? value : writer.node('Reshape', [value, writer.integers(shape)])
      return type === 'float32' ? shaped : writer.cast(shaped, type)
    },
    finish: () => ({ ...writer.finish(), changed: [...folded.values()] }),
  }
}
