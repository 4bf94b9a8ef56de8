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
  let size = 0
  const inOrder = [...tensors]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { dtype, shape }]) => {
      const place = size
      size += product(shape) * widthOf(dtype)
      return { name, dtype, shape, place, end: size }
    })
  const header = inOrder.map(({ name, place, end, ...stored }) => [name, { ...stored, data_offsets: [place, end] }])
  const head = headBytes(JSON.stringify(Object.fromEntries(header)))
  const file = Buffer.alloc(head.length + size)
  file.set(head)
  inOrder.forEach(({ name, dtype, shape, place, end }, seed) => {
    if (dtype === 'I64' || place === end) return
    file.fill(encode(numbers(name, shape, seed), dtype), head.length + place, head.length + end)
  })
  return file
  function numbers(name: string, shape: readonly number[], seed: number): Float32Array {
    const values = weightNumbers(name, shape, seed, Math.min(product(shape), period))
    const [, shift] = Object.entries(shifts).find(([end]) => name.endsWith(end)) ?? []
    return shift === undefined ? values : values.map((value) => value + Math.fround(shift))
  }
}
