import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findGpus } from './gpus.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pentimento-gpus-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function machine(files: Record<string, string>): Promise<unknown> {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return findGpus(root)
}

const icd = (name: string) => ({ [`usr/share/vulkan/icd.d/${name}`]: '{}' })
const amdGpu = { 'sys/class/drm/renderD128/device/vendor': '0x1002\n' }

test('a machine without any, whatever software drivers it has', async () => {
  expect(await machine(icd('lvp_icd.json'))).toEqual({ nvidia: false, vulkan: [] })
})

test('an NVIDIA GPU, with and without its Vulkan driver', async () => {
  expect(await machine({ 'dev/nvidiactl': '' })).toEqual({ nvidia: true, vulkan: [] })
  expect(await machine({ 'etc/vulkan/icd.d/nvidia_icd.json': '{}' })).toEqual({ nvidia: true, vulkan: ['NVIDIA'] })
})

test('a GPU counts for Vulkan with a driver of its own vendor only', async () => {
  expect(await machine({ ...amdGpu, ...icd('lvp_icd.x86_64.json'), ...icd('intel_icd.x86_64.json') })).toEqual({
    nvidia: false,
    vulkan: [],
  })
  expect(await machine(icd('radeon_icd.x86_64.json'))).toEqual({ nvidia: false, vulkan: ['AMD'] })
})

test('a virtual display adapter is no GPU', async () => {
  const virtual = { 'sys/class/drm/renderD128/device/vendor': '0x1af4\n' }
  expect(await machine({ ...virtual, ...icd('virtio_icd.x86_64.json') })).toEqual({ nvidia: false, vulkan: [] })
})
