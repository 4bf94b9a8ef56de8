import { PipelineError } from '../errors.ts'
import { oneOperator } from '../onnx/one-operator.ts'
import { findGpus, type Gpus } from './gpus.ts'
import { openSession, type Runtime } from './runtime.ts'

export type Device = 'cpu' | 'cuda' | 'webgpu'

interface DeviceChoice {
  device: Device
  /** In words, for people; names no path. */
  reason: string
}

/** What a choice is made from. */
export interface DeviceFacts {
  gpus: () => Promise<Gpus>
  /** Runs something small on a device: null if that works, else what went wrong. */
  attempt: (device: Device) => Promise<unknown>
}

/**
 * The device to run on. `auto` takes CUDA if an NVIDIA GPU and the libraries are there, else WebGPU if a GPU with a
 * Vulkan driver is, else the CPU. A GPU is taken only after it has computed something.
 *
 * @throws PipelineError `device_error` if the device that was asked for cannot be used
 */
export async function chooseDevice(
  wanted: 'auto' | Device,
  { gpus, attempt }: DeviceFacts = factsBy(openSession),
): Promise<DeviceChoice> {
  if (wanted === 'cpu') return { device: 'cpu', reason: 'asked for' }
  if (wanted !== 'auto') {
    const error = await attempt(wanted)
    if (error === null) return { device: wanted, reason: 'asked for, and it works' }
    const why = wanted === 'cuda' && !(await gpus()).nvidia ? 'there is no NVIDIA GPU with a driver' : inWords(error)
    throw new PipelineError('device_error', `The device ${wanted} cannot be used: ${why}.`, { cause: error })
  }
  const { nvidia, vulkan } = await gpus()
  const against: string[] = []
  if (nvidia) {
    const error = await attempt('cuda')
    if (error === null) return { device: 'cuda', reason: 'an NVIDIA GPU and the CUDA libraries are there' }
    against.push(`no CUDA: ${inWords(error)}`)
  } else against.push('no NVIDIA GPU')
  if (vulkan.length > 0) {
    const error = await attempt('webgpu')
    if (error === null) {
      return { device: 'webgpu', reason: `${against[0]}; a GPU with a Vulkan driver is there (${vulkan.join(', ')})` }
    }
    against.push(`no WebGPU: ${inWords(error)}`)
  } else against.push('no GPU with a Vulkan driver')
  return { device: 'cpu', reason: against.join('; ') }
}

/** What this machine has, tried by opening a graph. */
export function factsBy(open: Runtime['open']): DeviceFacts {
  return { gpus: findGpus, attempt: (device) => attemptOn(device, open) }
}

/** Negates three numbers. */
async function attemptOn(device: Device, open: Runtime['open']): Promise<unknown> {
  try {
    const model = oneOperator('Neg', { x: 'float32' }, 'float32')
    const session = await open(model, { executionProviders: [device] })
    const { y } = await session.run({ x: { data: Float32Array.of(1, -2, 3), dims: [3] } }, ['y'])
    await session.release()
    return y.data.join() === '-1,2,-3' ? null : new Error('it computes wrong numbers')
  } catch (error) {
    return error
  }
}

function inWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (/load (shared )?library/i.test(text)) return 'its libraries are not installed'
  if (/not (found|available|supported)/i.test(text) && /backend|provider/i.test(text)) {
    return 'this build of onnxruntime does not have it'
  }
  if (/WebGPU adapter/i.test(text)) return 'no Vulkan driver offers an adapter'
  if (/no CUDA-capable|CUDA failure 100\b|insufficient/i.test(text)) return 'no GPU answers, or its driver is too old'
  return error instanceof PipelineError ? error.message.replace(/\.$/, '') : 'it failed a small computation'
}
