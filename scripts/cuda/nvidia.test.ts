import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findGpus } from '../../packages/pipeline/src/ort/gpus.ts'
import { readLock } from './lock.mjs'
import { findNvidia } from './nvidia.mjs'
import { findSystemLibraries } from './system-libraries.mjs'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pentimento-nvidia-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function put(path: string, content = '', mode = 0o644): string {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
  chmodSync(join(root, path), mode)
  return join(root, path)
}

const driver = () => {
  put('dev/nvidiactl')
  put('drivers/libcuda.so.1')
}
const look = () => findNvidia(readLock(), { PATH: join(root, 'bin'), LD_LIBRARY_PATH: join(root, 'drivers') }, root)

/** What nvidia-smi prints for one GPU. */
function smi(line: string): void {
  put('bin/nvidia-smi', `#!/bin/sh\necho '${line}'\n`, 0o755)
}

describe('findNvidia', () => {
  it('finds nothing where the kernel has no driver, whatever libraries there are', async () => {
    put('drivers/libcuda.so.1')
    expect(look()).toEqual({ present: false, driver: null, gpus: [], problem: null })
    expect((await findGpus(root)).nvidia).toBe(false)
  })

  it('reads the driver of the kernel module where there is no nvidia-smi', async () => {
    driver()
    put(
      'proc/driver/nvidia/version',
      'NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.95.05  Release Build\n',
    )
    expect(look()).toEqual({ present: true, driver: '580.95.05', gpus: [], problem: null })
    expect((await findGpus(root)).nvidia).toBe(true)
  })

  it('lists the GPUs as nvidia-smi does', () => {
    driver()
    smi('580.95.05, NVIDIA H200, 9.0, 143771, 143200')
    expect(look()).toEqual({
      present: true,
      driver: '580.95.05',
      gpus: [{ name: 'NVIDIA H200', capability: '9.0', totalMb: 143771, freeMb: 143200 }],
      problem: null,
    })
  })

  it('takes the GPU that Windows lends only with the driver that comes with it', () => {
    put('dev/dxg')
    expect(look()).toMatchObject({ present: false, problem: null })
    put('usr/lib/wsl/lib/libcuda.so.1')
    expect(look()).toMatchObject({ present: true, problem: null })
  })

  it('says what is wrong, and what to do, before anything is fetched', () => {
    put('dev/nvidiactl')
    expect(look().problem).toMatch(/without its CUDA library, libcuda\.so\.1: install that part/)
    driver()
    smi('535.183.01, NVIDIA A10, 8.6, 23028, 22000')
    expect(look().problem).toMatch(/driver 535\.183\.01 is too old .* install version 580 or newer/)
    smi('580.95.05, Tesla V100-SXM2-16GB, 7.0, 16384, 16000')
    expect(look().problem).toMatch(/no code for Tesla V100-SXM2-16GB \(compute capability 7\.0\).* need 7\.5 or newer/)
    smi('No devices were found')
    expect(look()).toMatchObject({ present: true, gpus: [], problem: null })
  })
})

describe('findSystemLibraries', () => {
  const names = ['libcudart.so.13', 'libcudnn.so.9']

  it('finds what the loader knows by itself, and names the folders that it does not know', () => {
    put('usr/local/cuda-13.0/lib64/libcudart.so.13')
    expect(findSystemLibraries(names, {}, root)).toBeUndefined()
    const own = dirname(put('opt/cudnn/libcudnn.so.9'))
    expect(findSystemLibraries(names, { LD_LIBRARY_PATH: own }, root)).toEqual([
      join(root, 'usr/local/cuda-13.0/lib64'),
    ])
    expect(findSystemLibraries(['libc.so.6'], {})).toEqual([])
  })
})
