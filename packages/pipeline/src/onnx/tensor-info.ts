/** A session's input or output: numbers are fixed sizes, names are free ones. */
export interface TensorInfo {
  name: string
  type: string
  shape: (number | string)[]
}

/** TensorProto.DataType to the names that onnxruntime uses. */
export const elementTypes: Record<number, string> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16',
}
