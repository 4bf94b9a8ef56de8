/** The number formats that a safetensors file may name. */
export type Dtype =
  | 'BOOL'
  | 'U8'
  | 'I8'
  | 'U16'
  | 'I16'
  | 'U32'
  | 'I32'
  | 'U64'
  | 'I64'
  | 'F8_E4M3'
  | 'F8_E5M2'
  | 'F16'
  | 'BF16'
  | 'F32'
  | 'F64'

/**
 * A run of numbers in a file, row-major and little-endian. It is known by its place alone: the numbers stay where they
 * are.
 */
export interface Tensor {
  /** The file's absolute path. */
  file: string
  dtype: Dtype
  /** The shape as stored. Where one stored tensor holds several, this one's rows of it. */
  shape: readonly number[]
  /** Of the first byte, from the start of the file. Nothing promises that it is aligned. */
  offset: number
  /** In bytes. */
  length: number
  /**
   * The file keeps the transpose of what the name stands for: `shape` is the stored one, and the meaning has it
   * reversed.
   */
  transposed?: true
}

/** A part's tensors by the names of diffusers and transformers, as in `down_blocks.0.resnets.0.conv1.weight`. */
export type Weights = ReadonlyMap<string, Tensor>
