import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { folderOfKind, kindFolders, recogniseFile } from '@pentimento/checkpoints'

/**
 * Before a download: what kind the file is, and so where it will lie, is not known yet.
 *
 * @throws Error if a file of that name is there
 */
export function refuseTaken(modelsDir: string, file: string): void {
  for (const folder of ['', ...Object.values(kindFolders)]) {
    const place = join(modelsDir, folder, basename(file))
    if (existsSync(place)) throw new Error(`${place} is there already; remove it to pull it again`)
  }
}

/**
 * Where a downloaded file belongs.
 *
 * @throws CheckpointError if it is no safetensors file; Error if another one lies there meanwhile
 */
export async function placeOf(partial: string, modelsDir: string, file: string): Promise<string> {
  const { kind } = await recogniseFile(join(partial, basename(file)))
  const folder = join(modelsDir, folderOfKind(kind) ?? '')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = join(folder, basename(file))
  if (existsSync(place)) throw new Error(`${place} came to be while this pull ran`)
  return place
}
