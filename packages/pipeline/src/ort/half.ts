import * as ort from 'onnxruntime-node'
import { PipelineError } from '../errors.ts'
import { oneOperator } from '../onnx/one-operator.ts'

/**
 * The one place that knows of float16 tensors.
 *
 * `new Tensor('float16', …)` fails in onnxruntime-node on Node 24: its binding knows no Float16Array and reads a
 * Uint16Array as one (microsoft/onnxruntime issue 26791). A plain object of a tensor's shape passes today, and what a
 * release that mends this will take is tried after it. At first use one operator is run, and the first way that brings
 * its numbers through unchanged is kept for the life of the process.
 *
 * @param halves the bits of float16 numbers
 */
export type HalfTensor = (halves: Uint16Array, dims: readonly number[]) => ort.Tensor

type Way = (halves: Uint16Array, dims: readonly number[]) => unknown

const ways: readonly Way[] = [
  (halves, dims) => ({ type: 'float16', dims, data: halves, location: 'cpu', size: halves.length }),
  (halves, dims) => new ort.Tensor('float16', halves, dims),
  ({ buffer, byteOffset, length }, dims) =>
    new ort.Tensor('float16', new Float16Array(buffer, byteOffset, length) as never, dims),
]

let found: Promise<HalfTensor> | undefined

/** How float16 tensors are made here. @throws PipelineError `device_error` if they cannot be passed at all. */
export function halfTensors(): Promise<HalfTensor> {
  found ??= firstWorking(ways).catch((error) => {
    // Perhaps only memory was short: the next model tries again.
    found = undefined
    throw error
  })
  return found
}

/**
 * The self-test: the first of the ways that brings numbers through. @throws PipelineError `device_error` if none does
 */
export async function firstWorking(candidates: readonly Way[]): Promise<HalfTensor> {
  // The largest half, the smallest one, and what lies between.
  const values = Float16Array.of(1.5, -2, 65504, 2 ** -24)
  const session = await ort.InferenceSession.create(oneOperator('Neg', { x: 'float16' }, 'float16'))
  const failures: unknown[] = []
  try {
    for (const way of candidates) {
      const make: HalfTensor = (halves, dims) => way(halves, dims) as ort.Tensor
      try {
        const { y } = await session.run({ x: make(new Uint16Array(values.buffer), [values.length]) })
        const halves = halvesOf(y.data)
        const given = new Float16Array(halves.buffer, halves.byteOffset, halves.length)
        if (given.every((value, i) => value === -values[i])) return make
      } catch (error) {
        failures.push(error)
      }
    }
  } finally {
    await session.release()
  }
  throw new PipelineError(
    'device_error',
    'float16 tensors cannot be passed to this version of onnxruntime-node. Take a float32 export of the model.',
    { cause: new AggregateError(failures) },
  )
}

/** The bits of a float16 output, whichever array type the binding hands out. */
export function halvesOf(data: unknown): Uint16Array {
  if (data instanceof Uint16Array) return data
  if (data instanceof Float16Array) return new Uint16Array(data.buffer, data.byteOffset, data.length)
  throw new TypeError('A float16 output came in an unknown kind of array.')
}
