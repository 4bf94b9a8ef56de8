import { encode, product, weightNumbers } from './numbers.ts'
import { headBytes, type Stored, widthOf } from './write-safetensors.ts'

/** After so many numbers a tensor begins again: tables of words are large. */
const period = 2 ** 17

/**
 * A safetensors file of numbers that Python makes alike (tools/checkpoints/numbers_alike.py): each tensor's by its
 * place among the sorted names. Integers are zeros.
 *
 * @param shifts what is added to all numbers of tensors whose names end so
 */
export function numberedFile(tensors: ReadonlyMap<string, Stored>, shifts: Record<string, number> = {}): Buffer {
  const header: Record<string, object> = {}
  const chunks: Uint8Array[] = []
  let place = 0
  const inOrder = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1))
  inOrder.forEach(([name, { dtype, shape }], seed) => {
    const bytes = Buffer.alloc(product(shape) * widthOf(dtype))
    if (dtype !== 'I64' && bytes.length > 0) bytes.fill(encode(numbers(name, shape, seed), dtype))
    header[name] = { dtype, shape, data_offsets: [place, place + bytes.length] }
    place += bytes.length
    chunks.push(bytes)
  })
  function numbers(name: string, shape: readonly number[], seed: number): Float32Array {
    const values = weightNumbers(name, shape, seed, Math.min(product(shape), period))
    const [, shift] = Object.entries(shifts).find(([end]) => name.endsWith(end)) ?? []
    return shift === undefined ? values : values.map((value) => value + Math.fround(shift))
  }
  return Buffer.concat([headBytes(JSON.stringify(header)), ...chunks])
}
