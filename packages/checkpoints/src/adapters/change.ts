import { storedTypes } from '../graph/element-types.ts'
import type { Tensor } from '../weights.ts'
import type { Pieces } from './pieces.ts'

/** How a weight's change is stored. */
type ChangeKind = 'lora' | 'loha' | 'lokr' | 'full' | 'norm'

/** What one LoRA does to one weight. */
export interface Change {
  kind: ChangeKind
  pieces: Pieces
  /** What stands for its alpha where no tensor does (PEFT): null is the rank. */
  alpha: number | null
  /** How strongly. */
  strength: number
  /** Of the file, for the names of values in graphs. */
  source: string
}

/** A change of a weight, or a bias, of a model; the reason where it does not go with the shape that this has. */
type Fitted = { change: Omit<Change, 'strength' | 'source' | 'alpha'>; leaf: 'weight' | 'bias' } | { reason: string }

const product = (dims: readonly number[]) => dims.reduce((result, dim) => result * dim, 1)

/**
 * What the pieces for one layer come to, held to the layer's shapes.
 *
 * @param weight the shape of the layer's weight as it is meant, [outputs, inputs, …]
 * @param bias the number of its biases, 0 without
 * @returns one entry for the weight and one for the bias, as far as there are any
 */
export function fitPieces(pieces: Pieces, weight: readonly number[], bias: number): Fitted[] {
  const packed = Object.values(pieces).find(({ dtype }) => !storedTypes[dtype])
  if (packed) return [{ reason: `numbers in ${packed.dtype}, which are no floats` }]
  const fitted: Fitted[] = []
  const kind = kindOf(pieces)
  if (kind !== null) {
    const reason = misfit(kind, pieces, weight)
    fitted.push(reason === null ? { change: { kind, pieces }, leaf: 'weight' } : { reason })
  }
  const { b_norm, diff_b } = pieces
  const own = diff_b ?? b_norm
  if (own) {
    const isRight = product(own.shape) === bias && bias > 0
    fitted.push(
      isRight
        ? { change: { kind: 'full', pieces: { diff: own } }, leaf: 'bias' }
        : { reason: `${product(own.shape)} biases where there are ${bias}` },
    )
  }
  if (fitted.length === 0) fitted.push({ reason: 'it is not complete' })
  return fitted
}

function kindOf(pieces: Pieces): ChangeKind | null {
  if (pieces.up && pieces.down) return 'lora'
  if (pieces.hada_w1_a && pieces.hada_w1_b && pieces.hada_w2_a && pieces.hada_w2_b) return 'loha'
  if (
    (pieces.lokr_w1 || (pieces.lokr_w1_a && pieces.lokr_w1_b)) &&
    (pieces.lokr_w2 || (pieces.lokr_w2_a && pieces.lokr_w2_b))
  )
    return 'lokr'
  if (pieces.diff) return 'full'
  return pieces.w_norm ? 'norm' : null
}

/**
 * Why the pieces do not make a change of that shape, or null. Each operator of a graph is held to the shapes here, so
 * that no session fails on them.
 */
function misfit(kind: ChangeKind, pieces: Pieces, weight: readonly number[]): string | null {
  const [outputs = 0, inputs = 1, ...kernel] = weight
  const made = shapeMade(kind, pieces, inputs, product(kernel))
  if (made === null) return 'its parts do not go together'
  const isPadded =
    kind === 'lora' && kernel.length === 2 && made.numbers === outputs * 4 * product(kernel) && inputs === 9
  const isRight = made.outputs === outputs && (made.numbers === product(weight) || isPadded)
  if (!isRight)
    return `${made.outputs}×${made.numbers / Math.max(1, made.outputs)} where ${outputs}×${product(weight.slice(1))} belongs`
  const { dora_scale: scale } = pieces
  if (scale && (isPadded || !isVectorOf(scale, outputs, inputs))) return `a dora_scale of ${scale.shape.join('×')}`
  if (pieces.alpha && product(pieces.alpha.shape) !== 1) return `an alpha of ${pieces.alpha.shape.join('×')}`
  return null
}

/** Whether it is one number for each row, [outputs] or [outputs, 1, …], or for each column, [1, inputs, …]. */
function isVectorOf({ shape }: Tensor, outputs: number, inputs: number): boolean {
  const [rows = 0, columns = 1, ...kernel] = shape
  const isRows = rows === outputs && columns === 1
  return (isRows || (rows === 1 && columns === inputs)) && kernel.every((dim) => dim === 1)
}

/** How many outputs and numbers come out, or null where the pieces do not multiply. @param area of the kernel */
function shapeMade(
  kind: ChangeKind,
  pieces: Pieces,
  inputs: number,
  area: number,
): { outputs: number; numbers: number } | null {
  switch (kind) {
    case 'full':
    case 'norm': {
      const { shape = [] } = (pieces.diff ?? pieces.w_norm) as Tensor
      return { outputs: shape[0] ?? 0, numbers: product(shape) }
    }
    case 'lora': {
      const { up, down, mid } = pieces as { up: Tensor; down: Tensor; mid?: Tensor }
      const [outputs = 0] = up.shape
      const [rank = 0] = down.shape
      if (rank === 0 || product(up.shape) !== outputs * rank) return null
      if (!mid) return { outputs, numbers: (outputs * product(down.shape)) / rank }
      return tucker(mid, outputs, rank, down, rank)
    }
    case 'loha': {
      const one = half(pieces.hada_w1_a as Tensor, pieces.hada_w1_b as Tensor, pieces.hada_t1)
      const other = half(pieces.hada_w2_a as Tensor, pieces.hada_w2_b as Tensor, pieces.hada_t2)
      const isSame = one !== null && other?.outputs === one.outputs && other.numbers === one.numbers
      return isSame && !pieces.hada_t1 === !pieces.hada_t2 ? one : null
    }
    case 'lokr':
      return kronecker(pieces, inputs, area)
  }
}

function half(a: Tensor, b: Tensor, core: Tensor | undefined): { outputs: number; numbers: number } | null {
  const [rank = 0] = b.shape
  if (a.shape.length !== 2 || rank === 0) return null
  if (core) return a.shape[0] === rank ? tucker(core, a.shape[1] ?? 0, rank, b, rank) : null
  const [outputs = 0, inner] = a.shape
  return inner === rank ? { outputs, numbers: (outputs * product(b.shape)) / rank } : null
}

/** A core of [rank, rank, kernel] between two matrices. */
function tucker(core: Tensor, outputs: number, upRank: number, down: Tensor, downRank: number) {
  const [first, second, ...kernel] = core.shape
  if (core.shape.length !== 4 || first !== upRank || second !== downRank || down.shape[0] !== downRank) return null
  return { outputs, numbers: outputs * (product(down.shape) / downRank) * product(kernel) }
}

function kronecker(pieces: Pieces, inputs: number, area: number): { outputs: number; numbers: number } | null {
  const sizes = kroneckerSizes(pieces, inputs, area)
  if (sizes === null) return null
  const { a, b, c, d, kernel } = sizes
  return { outputs: a * b, numbers: a * b * c * d * kernel }
}

/** w1 is [a, c], w2 is [b, d, kernel]; null where the pieces do not multiply. */
export function kroneckerSizes(pieces: Pieces, inputs: number, area: number) {
  const one = pieces.lokr_w1?.shape ?? matrixMade(pieces.lokr_w1_a, pieces.lokr_w1_b)
  if (one === null || one.length !== 2) return null
  const [a = 0, c = 0] = one
  const core = pieces.lokr_t2
  const { lokr_w2: whole, lokr_w2_a: left, lokr_w2_b: right } = pieces
  if (whole) {
    const [b = 0, d = 0, ...kernel] = whole.shape
    return { a, b, c, d, kernel: product(kernel) }
  }
  if (!left || !right) return null
  if (core) {
    const [rank = 0, b = 0] = left.shape
    const made =
      left.shape.length === 2 && right.shape.length === 2 ? tucker(core, b, rank, right, right.shape[0] ?? 0) : null
    return made && { a, b, c, d: right.shape[1] ?? 0, kernel: product(core.shape.slice(2)) }
  }
  const [b = 0, rank = 0] = left.shape
  if (left.shape.length !== 2 || rank === 0 || right.shape[0] !== rank || c === 0 || inputs % c !== 0) return null
  const rest = product(right.shape) / rank
  return { a, b, c, d: rest / area, kernel: area }
}

function matrixMade(left: Tensor | undefined, right: Tensor | undefined): readonly number[] | null {
  if (!left || !right || left.shape.length !== 2 || right.shape.length !== 2) return null
  return left.shape[1] === right.shape[0] ? [left.shape[0] ?? 0, right.shape[1] ?? 0] : null
}
