import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const ASK_MS = 5000

/** Runs a program and answers what it printed; rejects when it is not there or fails. */
export type Ask = (program: string, args: string[]) => Promise<string>

const askProgram: Ask = async (program, args) =>
  (await promisify(execFile)(program, args, { timeout: ASK_MS, encoding: 'utf8' })).stdout

/**
 * Memory of the first GPU that this process may see, in bytes, as the driver tells it; null where nothing tells.
 *
 * @param visible `CUDA_VISIBLE_DEVICES`
 */
export async function gpuMemory(
  which: 'total' | 'free',
  visible: string | undefined,
  ask: Ask = askProgram,
): Promise<number | null> {
  const [first] = visible?.split(',') ?? []
  const printed = await ask('nvidia-smi', [
    `--query-gpu=memory.${which}`,
    '--format=csv,noheader,nounits',
    ...(first ? [`--id=${first}`] : []),
  ]).catch(() => '')
  const mebibytes = Number.parseFloat(printed)
  return mebibytes >= 0 ? mebibytes * 2 ** 20 : null
}
