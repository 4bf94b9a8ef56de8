import { execFile } from 'node:child_process'
import { totalmem } from 'node:os'
import { promisify } from 'node:util'

const ASK_MS = 5000

/** Runs a program and answers what it printed; rejects when it is not there or fails. */
type Ask = (program: string, args: string[]) => Promise<string>

const askProgram: Ask = async (program, args) =>
  (await promisify(execFile)(program, args, { timeout: ASK_MS, encoding: 'utf8' })).stdout

/**
 * Memory that a device's models and pictures have, in bytes: of the machine or of this process's share of it for `cpu`,
 * of the first GPU that this process may see for `cuda`, as the driver tells it. Null for others, and where nothing
 * tells.
 */
export async function deviceMemory(
  device: string,
  visible: string | undefined,
  ask: Ask = askProgram,
): Promise<number | null> {
  if (device === 'cpu') return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  if (device !== 'cuda') return null
  const [first] = visible?.split(',') ?? []
  const which = first ? [`--id=${first}`] : []
  const printed = await ask('nvidia-smi', [
    '--query-gpu=memory.total',
    '--format=csv,noheader,nounits',
    ...which,
  ]).catch(() => '')
  const mebibytes = Number(printed.split('\n')[0])
  return mebibytes > 0 ? mebibytes * 2 ** 20 : null
}
