import { totalmem } from 'node:os'
import { type Ask, gpuMemory } from '../engine/nvidia-smi.ts'

/**
 * Memory that a device's models and pictures have, in bytes: of the machine or of this process's share of it for `cpu`,
 * of the first GPU that this process may see for `cuda`, as the driver tells it. Null for others, and where nothing
 * tells.
 */
export async function deviceMemory(device: string, visible: string | undefined, ask?: Ask): Promise<number | null> {
  if (device === 'cpu') return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  return device === 'cuda' ? gpuMemory('total', visible, ask) : null
}
