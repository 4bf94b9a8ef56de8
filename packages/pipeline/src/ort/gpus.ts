import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** PCI vendors whose GPUs run models, and how the manifests of their Vulkan drivers begin. */
const vendors: Record<string, { name: string; drivers: RegExp }> = {
  '0x10de': { name: 'NVIDIA', drivers: /^(nvidia|nouveau)/ },
  '0x1002': { name: 'AMD', drivers: /^(radeon|amd)/ },
  '0x8086': { name: 'Intel', drivers: /^intel/ },
}

const driverFolders = ['usr/share/vulkan/icd.d', 'usr/local/share/vulkan/icd.d', 'etc/vulkan/icd.d']

export interface Gpus {
  /** An NVIDIA GPU with its kernel driver, as CUDA needs it. */
  nvidia: boolean
  /** Vendors of GPUs for which a Vulkan driver is installed. Software drivers (llvmpipe, SwiftShader) are none. */
  vulkan: string[]
}

/** Looks for GPUs where Linux shows them, without opening any. Elsewhere it finds none. */
export async function findGpus(root = '/'): Promise<Gpus> {
  const entries = (folder: string) => readdir(join(root, folder)).catch((): string[] => [])
  const devices = await entries('dev')
  // `dxg` is how Windows' subsystem for Linux lends a GPU.
  const nvidia = devices.includes('nvidiactl') || devices.includes('dxg')
  const found = new Set(devices.includes('nvidiactl') ? ['0x10de'] : [])
  for (const node of await entries('sys/class/drm')) {
    if (!node.startsWith('renderD')) continue
    const vendor = await readFile(join(root, 'sys/class/drm', node, 'device/vendor'), 'utf8').catch(() => '')
    found.add(vendor.trim())
  }
  const drivers = (await Promise.all(driverFolders.map(entries))).flat()
  const vulkan = Object.entries(vendors)
    .filter(([id, vendor]) => found.has(id) && drivers.some((file) => vendor.drivers.test(file)))
    .map(([, { name }]) => name)
  return { nvidia, vulkan }
}
