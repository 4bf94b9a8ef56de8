import type { Dtype } from '../weights.ts'

/** onnx.proto's TensorProto.DataType. */
export const elementTypes = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
  float8e4m3fn: 17,
  float8e5m2: 19,
} as const

export type ElementType = keyof typeof elementTypes

/** What a network computes in. */
export type ComputeType = 'float32' | 'float16'

/** ONNX's names of the formats that weights come in. */
export const storedTypes: Partial<Record<Dtype, ElementType>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8e4m3fn',
  F8_E5M2: 'float8e5m2',
}
