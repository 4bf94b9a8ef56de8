import { PipelineError } from '../errors.ts'

/** What goes into a session and comes out: numbers as float32, whatever the model's own type; `dims` row-major. */
export interface Floats {
  data: Float32Array
  dims: readonly number[]
}

export type Numbers = Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array | BigInt64Array

/** Numbers in the type that a graph declares. A float16 is its 16 bits. */
export interface Values {
  type: string
  data: Numbers
  dims: readonly number[]
}

/**
 * Numbers as a graph takes them: int64 and int32 are rounded. @throws PipelineError `model_unusable` for types that are
 * not understood
 */
export function toValues(type: string | undefined, { data, dims }: Floats): Values {
  return { type: type ?? 'unknown', data: converted(type, data), dims }
}

function converted(type: string | undefined, data: Float32Array): Numbers {
  switch (type) {
    case 'float32':
      return data
    case 'float16':
      return new Uint16Array(new Float16Array(data).buffer)
    case 'int64':
      return BigInt64Array.from(data, (value) => BigInt(Math.round(value)))
    case 'int32':
      return Int32Array.from(data, Math.round)
    case 'float64':
      return Float64Array.from(data)
    default:
      throw new PipelineError('model_unusable', `The model takes an input of type ${type ?? 'unknown'}.`)
  }
}

/** @throws PipelineError `model_unusable` for types that are not understood */
export function toFloats({ type, data, dims }: Values): Floats {
  if (data instanceof Float32Array) return { data, dims }
  if (data instanceof Float64Array) return { data: Float32Array.from(data), dims }
  if (type === 'float16' && data instanceof Uint16Array) return { data: fromHalves(data), dims }
  throw new PipelineError('model_unusable', `The model gives an output of type ${type}.`)
}

function fromHalves({ buffer, byteOffset, length }: Uint16Array): Float32Array {
  return Float32Array.from(new Float16Array(buffer, byteOffset, length))
}

/** Zeros in memory that all threads see. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * 4))
}

/** An array of a graph's type in memory that all threads see, of zeros. @throws as {@link toValues} */
export function sharedNumbers(type: string, length: number): Numbers {
  switch (type) {
    case 'float32':
      return sharedFloats(length)
    case 'float16':
      return new Uint16Array(new SharedArrayBuffer(length * 2))
    case 'int64':
      return new BigInt64Array(new SharedArrayBuffer(length * 8))
    case 'int32':
      return new Int32Array(new SharedArrayBuffer(length * 4))
    case 'float64':
      return new Float64Array(new SharedArrayBuffer(length * 8))
    default:
      throw new PipelineError('model_unusable', `The model takes an input of type ${type}.`)
  }
}

/** What {@link toValues} makes, in memory that all threads see. */
export function sharedValues(type: string, floats: Floats): Values {
  const { data, dims } = toValues(type, floats)
  const shared = sharedNumbers(type, data.length)
  copyNumbers(shared, data, 0)
  return { type, data: shared, dims }
}

/** Copies between arrays of one type, to a place counted in numbers. */
export function copyNumbers(target: Numbers, source: Numbers, at: number): void {
  if (at + source.length > target.length) throw new RangeError('the numbers do not fit')
  const [to, from] = [bytesOf(target), bytesOf(source)]
  const start = at * source.BYTES_PER_ELEMENT
  // In halves: parts are copied by one memmove, where V8's own `set` takes four times as long for shared memory.
  const half = from.length >> 1
  from.copy(to, start, 0, half)
  from.copy(to, start + half, half)
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers) => Buffer.from(buffer, byteOffset, byteLength)

/** Float32 numbers into an array of a graph's type, without allocating for float32 and float16. */
export function writeFloats({ type, data }: Values, floats: Float32Array): void {
  if (data instanceof Float32Array) data.set(floats)
  else if (type === 'float16') new Float16Array(data.buffer, data.byteOffset, data.length).set(floats)
  else copyNumbers(data, converted(type, floats), 0)
}

/** Numbers of an array of a graph's type, into float32. @throws as {@link toFloats} */
export function readFloats(values: Values, floats: Float32Array): void {
  const { type, data } = values
  if (data instanceof Float32Array) floats.set(data)
  else if (type === 'float16') floats.set(new Float16Array(data.buffer, data.byteOffset, data.length))
  else floats.set(toFloats(values).data)
}
