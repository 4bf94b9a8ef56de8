import type { Value } from '../graph/graph.ts'
import type { GraphWriter } from '../graph/graph-writer.ts'
import type { Tensor, Weights } from '../weights.ts'
import { type Change, kroneckerSizes } from './change.ts'
import type { Fold } from './folding-writer.ts'

/** What folding needs of a writer. */
type FoldWriter = Pick<GraphWriter, 'node' | 'integers' | 'floats' | 'foreign'>

const product = (dims: readonly number[]) => dims.reduce((result, dim) => result * dim, 1)

/**
 * A weight with changes added to it, as operators over constants: onnxruntime computes them once, while the graph is
 * loaded. Formulas: LyCORIS, which trained what it stores (github.com/KohakuBlueleaf/LyCORIS, lycoris/functional).
 *
 * @param base the weight in float32, of its own shape [outputs, inputs, …] @returns likewise
 */
function foldChanges(writer: FoldWriter, base: Value, shape: readonly number[], changes: readonly Change[]): Value {
  return changes.reduce((weight, change) => foldOne(writer, weight, shape, change), base)
}

/** For each weight that is changed, by its name. */
export function foldsOf(
  weights: Weights,
  changes: ReadonlyMap<string, readonly Change[]> = new Map(),
): Map<string, Fold> {
  const folds = [...changes].flatMap(([name, own]): [string, Fold][] => {
    const tensor = weights.get(name)
    return tensor ? [[name, foldOf(tensor, own)]] : []
  })
  return new Map(folds)
}

/** Where the file keeps the transpose of what is meant, it is turned for the changes and back. */
function foldOf({ shape, transposed }: Tensor, changes: readonly Change[]): Fold {
  return (writer, base) => {
    if (!transposed) return foldChanges(writer, base, shape, changes)
    const turn = (value: Value) => writer.node('Transpose', [value], { perm: [1, 0] })
    return turn(foldChanges(writer, turn(base), shape.toReversed(), changes))
  }
}

function foldOne(writer: FoldWriter, base: Value, shape: readonly number[], change: Change): Value {
  const { node, floats } = writer
  const { strength } = change
  const { dora_scale: scale, mid } = change.pieces
  if (change.kind === 'lora' && !scale && !mid) return foldProduct(writer, base, shape, change)
  const delta = scaled(writer, deltaOf(writer, shape, change), change)
  const constant = (value: number) => floats([value], [1], 'float32')
  if (!scale) return node('Add', [base, strength === 1 ? delta : node('Mul', [delta, constant(strength)])])
  // Its strength does not weaken the difference, but the length that each row or column gets: LyCORIS, unlike
  // AUTOMATIC1111.
  const merged = node('Add', [base, delta])
  const lengths = writer.foreign(`${change.source}/dora`, scale, vectorShape(scale, shape))
  const axes = shape.map((_, axis) => axis).filter((axis) => axis !== (isByRow(scale, shape) ? 0 : 1))
  const norm = node('ReduceL2', [merged, writer.integers(axes)], { keepdims: 1 })
  const factor = node('Div', [lengths, node('Add', [norm, constant(2 ** -23)])])
  if (strength === 1) return node('Mul', [merged, factor])
  const weakened = node('Add', [node('Mul', [factor, constant(strength)]), constant(1 - strength)])
  return node('Mul', [merged, weakened])
}

/**
 * The usual LoRA: a product of two thin matrices. It is scaled before it is multiplied out: every value of the weight's
 * own size is memory that has to be got, which takes longer than its numbers.
 */
function foldProduct(writer: FoldWriter, base: Value, shape: readonly number[], change: Change): Value {
  const { node, floats } = writer
  const { pieces, source, strength } = change
  const [up = '', down = ''] = (['up', 'down'] as const).map((piece) => {
    const tensor = pieces[piece] as Tensor
    const [rows = 0, ...rest] = tensor.shape
    return writer.foreign(`${source}/${piece}`, tensor, [rows, product(rest)])
  })
  const byAlpha = scaled(writer, up, change)
  const thin = strength === 1 ? byAlpha : node('Mul', [byAlpha, floats([strength], [1], 'float32')])
  const isWhole = product(pieces.down?.shape.slice(1) ?? []) === product(shape.slice(1))
  if (shape.length === 2 && isWhole) return node('Gemm', [thin, down, base])
  return node('Add', [base, padded(writer, node('MatMul', [thin, down]), shape, pieces.down as Tensor)])
}

function isByRow(scale: Tensor, [outputs = 0]: readonly number[]): boolean {
  return scale.shape[0] === outputs && product(scale.shape) === outputs
}

function vectorShape(scale: Tensor, shape: readonly number[]): number[] {
  const axis = isByRow(scale, shape) ? 0 : 1
  return shape.map((dim, i) => (i === axis ? dim : 1))
}

/** By alpha over rank, as far as there is an alpha. */
function scaled(writer: FoldWriter, delta: Value, { kind, pieces, alpha, source }: Change): Value {
  const rank = rankOf(kind, pieces)
  if (rank === null) return delta
  if (pieces.alpha) {
    const stored = writer.foreign(`${source}/alpha`, pieces.alpha, [1])
    return writer.node('Mul', [delta, writer.node('Mul', [stored, writer.floats([1 / rank], [1], 'float32')])])
  }
  return alpha === null || alpha === rank
    ? delta
    : writer.node('Mul', [delta, writer.floats([alpha / rank], [1], 'float32')])
}

/** Null where alpha has no say: full differences, and Kronecker products of which neither factor is split. */
function rankOf(kind: Change['kind'], pieces: Change['pieces']): number | null {
  if (kind === 'lora') return pieces.down?.shape[0] ?? null
  if (kind === 'loha') return pieces.hada_w1_b?.shape[0] ?? null
  if (kind === 'lokr') return pieces.lokr_w1_b?.shape[0] ?? pieces.lokr_w2_b?.shape[0] ?? null
  return null
}

function deltaOf(writer: FoldWriter, shape: readonly number[], { kind, pieces, source }: Change): Value {
  const { node, integers } = writer
  const read = (piece: keyof typeof pieces, as?: readonly number[]) => {
    const tensor = pieces[piece] as Tensor
    return writer.foreign(`${source}/${piece}`, tensor, as ?? tensor.shape)
  }
  /** [rows, …] as a matrix. */
  const flat = (piece: keyof typeof pieces) => {
    const [rows = 0, ...rest] = pieces[piece]?.shape ?? []
    return read(piece, [rows, product(rest)])
  }
  const reshape = (value: Value, to: readonly number[]) => node('Reshape', [value, integers(to)])
  switch (kind) {
    case 'full':
      return read('diff', shape)
    case 'norm':
      return read('w_norm', shape)
    case 'lora': {
      if (pieces.mid) return reshape(tucker(writer, flat('up'), read('mid'), pieces.mid, flat('down')), shape)
      return padded(writer, node('MatMul', [flat('up'), flat('down')]), shape, pieces.down as Tensor)
    }
    case 'loha': {
      const half = (number: 1 | 2): Value => {
        const [a, b, core] = [`hada_w${number}_a`, `hada_w${number}_b`, `hada_t${number}`] as const
        const tensor = pieces[core]
        if (!tensor) return node('MatMul', [read(a), flat(b)])
        return tucker(writer, node('Transpose', [read(a)], { perm: [1, 0] }), read(core), tensor, flat(b))
      }
      return reshape(node('Mul', [half(1), half(2)]), shape)
    }
    case 'lokr': {
      const area = product(shape.slice(2))
      const sizes = kroneckerSizes(pieces, shape[1] ?? 1, area)
      if (sizes === null) throw new Error('a Kronecker product was not checked')
      const { a, b, c, d, kernel } = sizes
      const one = pieces.lokr_w1 ? read('lokr_w1') : node('MatMul', [read('lokr_w1_a'), read('lokr_w1_b')])
      const other = pieces.lokr_w2
        ? read('lokr_w2')
        : pieces.lokr_t2
          ? tucker(
              writer,
              node('Transpose', [read('lokr_w2_a')], { perm: [1, 0] }),
              read('lokr_t2'),
              pieces.lokr_t2,
              flat('lokr_w2_b'),
            )
          : node('MatMul', [read('lokr_w2_a'), flat('lokr_w2_b')])
      const spread = node('Mul', [reshape(one, [a, 1, c, 1, 1]), reshape(other, [1, b, 1, d, kernel])])
      return reshape(spread, shape)
    }
  }
}

/** A core of [i, j, kernel] times up [outputs, i] and down [j, inputs]: [outputs, inputs, kernel]. */
function tucker({ node, integers }: FoldWriter, up: Value, core: Value, { shape }: Tensor, down: Value): Value {
  const [i = 0, j = 0, ...kernel] = shape
  const area = product(kernel)
  const left = node('MatMul', [up, node('Reshape', [core, integers([i, j * area])])])
  const turned = node('Transpose', [node('Reshape', [left, integers([-1, j, area])])], { perm: [0, 2, 1] })
  return node('Transpose', [node('MatMul', [turned, down])], { perm: [0, 2, 1] })
}

/** One made for 4 channels changes those of a UNet that takes 9, and leaves the others. */
function padded({ node, integers }: FoldWriter, delta: Value, shape: readonly number[], down: Tensor): Value {
  const [outputs = 0, inputs = 0, ...kernel] = shape
  const own = product(down.shape.slice(1)) / product(kernel)
  if (own === inputs) return node('Reshape', [delta, integers(shape)])
  return node('Pad', [
    node('Reshape', [delta, integers([outputs, own, ...kernel])]),
    integers([0, 0, 0, 0, 0, inputs - own, 0, 0]),
  ])
}
