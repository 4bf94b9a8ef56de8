import type { Tensor } from '../weights.ts'

/**
 * What a LoRA file may hold for one layer, by LyCORIS' names; those of kohya, PEFT and diffusers are told apart by the
 * ends of names alone.
 */
type Piece =
  | 'up'
  | 'down'
  | 'mid'
  | 'alpha'
  | 'dora_scale'
  | 'diff'
  | 'diff_b'
  | 'w_norm'
  | 'b_norm'
  | `hada_${'w1_a' | 'w1_b' | 'w2_a' | 'w2_b' | 't1' | 't2'}`
  | `lokr_${'w1' | 'w1_a' | 'w1_b' | 'w2' | 'w2_a' | 'w2_b' | 't2'}`

export type Pieces = Partial<Record<Piece, Tensor>>

/** PEFT's DoRA has one number for each output, in various shapes. */
const magnitude = /\.lora_magnitude_vector(\.default(_\d+)?)?(\.weight)?$/

/** `.default` is PEFT's name of an adapter. */
const ends: readonly (readonly [RegExp, Piece])[] = [
  [/(\.lora_up|\.lora_B(\.default(_\d+)?)?|[._]lora\.up|\.lora_linear_layer\.up)\.weight$/, 'up'],
  [/(\.lora_down|\.lora_A(\.default(_\d+)?)?|[._]lora\.down|\.lora_linear_layer\.down)\.weight$/, 'down'],
  [/\.lora_mid\.weight$/, 'mid'],
  [magnitude, 'dora_scale'],
]
const plainEnd = /\.(alpha|dora_scale|diff|diff_b|w_norm|b_norm|hada_(?:w[12]_[ab]|t[12])|lokr_(?:w[12](?:_[ab])?|t2))$/

/** What a layer is called in the file, and what it holds for it. */
interface Modules {
  modules: Map<string, Pieces>
  /** Names that end in nothing known. */
  others: string[]
}

/** Sorts the tensors of a LoRA file by the layers that they change. */
export function modulesOf(tensors: ReadonlyMap<string, Tensor>): Modules {
  const modules = new Map<string, Pieces>()
  const others: string[] = []
  for (const [name, tensor] of tensors) {
    const found = pieceOf(name)
    if (!found) {
      others.push(name)
      continue
    }
    const pieces = modules.get(found.layer) ?? {}
    if (pieces[found.piece]) others.push(name)
    else
      pieces[found.piece] = magnitude.test(name)
        ? { ...tensor, shape: [tensor.shape.reduce((a, b) => a * b, 1)] }
        : tensor
    modules.set(found.layer, pieces)
  }
  return { modules, others }
}

function pieceOf(name: string): { layer: string; piece: Piece } | null {
  for (const [end, piece] of ends) if (end.test(name)) return { layer: name.replace(end, ''), piece }
  const [, piece] = plainEnd.exec(name) ?? []
  return piece === undefined ? null : { layer: name.slice(0, -1 - piece.length), piece: piece as Piece }
}
