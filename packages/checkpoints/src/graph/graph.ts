import type { Tensor } from '../weights.ts'
import type { ElementType } from './element-types.ts'

/** The name of a value in a graph. */
export type Value = string

/** Whole numbers, text, lists of whole numbers; a float says that it is one. */
export type Attribute = number | string | readonly number[] | { float: number }

export interface GraphNode {
  /** The operator, with its domain where that is not ONNX's own, as in `com.microsoft.MultiHeadAttention`. */
  type: string
  /** An empty name is an input that is left out. */
  inputs: readonly Value[]
  outputs: readonly Value[]
  attributes: Readonly<Record<string, Attribute>>
}

/** Numbers are fixed sizes, names are free ones: the same name is the same size. */
export type Sizes = readonly (number | string)[]

/** An input, an output, or a value between them. */
export interface ValueInfo {
  name: string
  type: ElementType
  shape: Sizes
}

/** Numbers that stand in the graph itself. */
export interface Constant {
  name: Value
  type: ElementType
  shape: readonly number[]
  data: Uint8Array
}

/** Numbers that stay in their file. */
export interface StoredWeight {
  name: Value
  tensor: Tensor
  /** How the graph reads them: another shape than the stored one, of as many numbers. */
  shape: readonly number[]
}

/** An ONNX graph as plain data. */
export interface Graph {
  nodes: readonly GraphNode[]
  constants: readonly Constant[]
  weights: readonly StoredWeight[]
  inputs: readonly ValueInfo[]
  outputs: readonly ValueInfo[]
  /** What is known of values between them, beyond what their operators say. */
  values: readonly ValueInfo[]
  /** Weights as LoRAs change them: values of the graph that only its weights decide. */
  changed?: readonly ValueInfo[]
}
