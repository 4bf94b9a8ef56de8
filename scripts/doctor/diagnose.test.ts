import { expect, test } from 'vitest'
import { diagnose } from './diagnose.mjs'

const h200 = { name: 'NVIDIA H200', capability: '9.0', totalMb: 143_771, freeMb: 143_200 }
const without = {
  present: false,
  driver: null as string | null,
  gpus: [] as (typeof h200)[],
  problem: null as string | null,
}
const withDriver = { present: true, driver: '580.95.05', gpus: [h200], problem: null }

const facts = {
  isOff: false,
  isSupported: true,
  wanted: 'auto',
  nvidia: without,
  oldestDriver: 580,
  cuda: null as string | null,
  device: { device: 'cpu', reason: 'no NVIDIA GPU; no GPU with a Vulkan driver' } as Record<string, string>,
  memory: { free: 12e9, total: 24e9 },
  cache: '/cache',
  download: '1.2 GB',
  unpacked: '1.6 GB',
  versions: { 'onnxruntime-gpu': '1.30.0', 'nvidia-cuda-runtime': '13.0.96', 'nvidia-cudnn-cu13': '9.19.0.56' },
  hasPip: true,
}

function report(changed: Partial<typeof facts>) {
  const { lines, usable } = diagnose({ ...facts, ...changed })
  return { ...Object.fromEntries(lines as [string, string][]), usable } as Record<string, unknown>
}

test('a machine without a GPU lacks nothing', () => {
  expect(report({})).toEqual({
    driver: 'no NVIDIA driver',
    memory: '12.0 GB of 24.0 GB free',
    provider: 'no CUDA provider',
    libraries: 'no CUDA libraries',
    device: 'cpu: no NVIDIA GPU; no GPU with a Vulkan driver',
    missing: 'nothing',
    next: 'npm start',
    usable: true,
  })
})

test('a GPU with all that it needs', () => {
  const device = { device: 'cuda', reason: 'an NVIDIA GPU and the CUDA libraries are there' }
  expect(report({ nvidia: withDriver, cuda: 'fetched', device })).toMatchObject({
    driver: 'NVIDIA 580.95.05',
    gpu: 'NVIDIA H200, compute capability 9.0, 150.2 GB of 150.8 GB free',
    provider: 'onnxruntime-gpu 1.30.0, in /cache',
    libraries: 'CUDA 13.0.96, cuDNN 9.19.0.56, in /cache',
    missing: 'nothing',
    next: 'npm start',
  })
})

const broken = { error: 'The device cuda cannot be used: its libraries are not installed.' }
test.each<[string, Partial<typeof facts>, RegExp, string]>([
  [
    'a driver alone',
    { nvidia: withDriver },
    /^the CUDA libraries \(1\.2 GB to download, 1\.6 GB in \/cache\)$/,
    'npm start, which fetches them',
  ],
  ['no pip', { nvidia: withDriver, hasPip: false }, /and pip to fetch them$/, 'install python3-pip, then npm start'],
  [
    'an old driver',
    { nvidia: { ...withDriver, problem: 'Too old.' } },
    /^Too old\.$/,
    'npm run doctor, when that is done',
  ],
  [
    'DEVICE=cuda and no GPU',
    { wanted: 'cuda', device: broken },
    /NVIDIA GPU with its driver, version 580/,
    'DEVICE=auto npm start',
  ],
  [
    'DEVICE=webgpu and none',
    { wanted: 'webgpu', device: broken },
    /^a device webgpu that works$/,
    'DEVICE=auto npm start',
  ],
  [
    'CUDA that does not work',
    { nvidia: withDriver, cuda: 'system' },
    /does not work/,
    'DEVICE=cuda npm start, whose log says why',
  ],
  ['a GPU that fails', { nvidia: withDriver, cuda: 'fetched', device: broken }, /does not paint/, 'GPU=off npm start'],
  ['GPU=off', { isOff: true, nvidia: withDriver }, /GPU=off leaves GPUs alone/, 'npm start'],
  [
    'another system',
    { isSupported: false, wanted: 'cuda', device: broken },
    /Linux on x64 alone/,
    'DEVICE=auto npm start',
  ],
])('says what is missing and the next command: %s', (_, changed, missing, next) => {
  const told = report(changed)
  expect(told.missing).toMatch(missing)
  expect(told.next).toBe(next)
  expect(told.usable).toBe(changed.device === undefined)
})
