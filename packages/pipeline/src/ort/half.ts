/**
 * The one place that knows of float16 tensors.
 *
 * `new Tensor('float16', …)` fails in onnxruntime-node on Node 24: its binding knows no Float16Array and reads a
 * Uint16Array as one (microsoft/onnxruntime issue 26791). A plain object of a tensor's shape passes, and outputs arrive as
 * Float16Array. half.test.ts runs a float16 model and so tells when this is no longer needed.
 */
export function halfTensor(data: Float32Array, dims: readonly number[]): object {
  const bits = new Uint16Array(new Float16Array(data).buffer)
  return { type: 'float16', dims, data: bits, location: 'cpu', size: bits.length }
}

/** Float32 of a float16 output, whichever array type the binding hands out. */
export function fromHalf(data: unknown): Float32Array {
  if (data instanceof Uint16Array) return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length))
  if (data instanceof Float16Array) return Float32Array.from(data)
  throw new TypeError('A float16 output came in an unknown kind of array.')
}
