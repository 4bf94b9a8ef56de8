import { readSafetensors, type SafetensorsFile } from '../safetensors/read-safetensors.ts'
import type { Recognised } from './kind.ts'
import { recognise } from './recognise.ts'

/**
 * Reads a safetensors file's header and tells what the file is.
 *
 * @throws CheckpointError if it is no safetensors file, with what it is instead
 */
export async function recogniseFile(path: string): Promise<Recognised & { file: SafetensorsFile }> {
  const file = await readSafetensors(path)
  return { ...recognise(file.tensors), file }
}
