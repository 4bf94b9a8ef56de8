import { expect, test } from 'vitest'
import { chooseDevice, type Device, type DeviceFacts } from './choose-device.ts'
import type { Gpus } from './gpus.ts'

/** @param broken what fails, and how */
function facts(gpus: Gpus, broken: Partial<Record<Device, Error>> = {}): DeviceFacts {
  return { gpus: async () => gpus, attempt: async (device) => broken[device] ?? null }
}

const missing = new Error('OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library')

test.each<[string, DeviceFacts, Device, string]>([
  ['nothing there', facts({ nvidia: false, vulkan: [] }), 'cpu', 'no NVIDIA GPU; no GPU with a Vulkan driver'],
  [
    'NVIDIA with CUDA',
    facts({ nvidia: true, vulkan: ['NVIDIA'] }),
    'cuda',
    'an NVIDIA GPU and the CUDA libraries are there',
  ],
  [
    'NVIDIA without CUDA libraries',
    facts({ nvidia: true, vulkan: ['NVIDIA'] }, { cuda: missing }),
    'webgpu',
    'no CUDA: its libraries are not installed; a GPU with a Vulkan driver is there (NVIDIA)',
  ],
  [
    'AMD with a driver that fails',
    facts({ nvidia: false, vulkan: ['AMD'] }, { webgpu: new Error('/build/x.cc:136 Failed to get a WebGPU adapter') }),
    'cpu',
    'no NVIDIA GPU; no WebGPU: no Vulkan driver offers an adapter',
  ],
])('auto, %s', async (_, given, device, reason) => {
  expect(await chooseDevice('auto', given)).toEqual({ device, reason })
})

test.each<[string, Gpus, string]>([
  ['an NVIDIA GPU', { nvidia: true, vulkan: [] }, 'its libraries are not installed'],
  ['no GPU', { nvidia: false, vulkan: [] }, 'there is no NVIDIA GPU with a driver'],
])(
  'a device that was asked for and cannot be used with %s is an error that says why, without paths',
  async (_, gpus, why) => {
    await expect(chooseDevice('cuda', facts(gpus, { cuda: missing }))).rejects.toMatchObject({
      code: 'device_error',
      message: `The device cuda cannot be used: ${why}.`,
    })
  },
)

test('on this machine auto chooses something that computes, and the CPU can always be asked for', async () => {
  const { device } = await chooseDevice('auto')
  expect(await chooseDevice(device)).toMatchObject({ device })
  expect(await chooseDevice('cpu')).toEqual({ device: 'cpu', reason: 'asked for' })
})
