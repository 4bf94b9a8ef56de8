import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const TRIES = 5

/**
 * Writes a file that is whole or absent, and still there after a power cut: a temporary file is filled and synced,
 * then takes its name in one step, then the folders that changed are synced. With `exclusive`, false when the name is
 * taken. `temporary` is a folder on the same file system.
 */
export async function durableWrite(
  temporary: string,
  path: string,
  bytes: Uint8Array,
  exclusive: boolean,
): Promise<boolean> {
  const draft = join(temporary, randomUUID())
  try {
    await writeSynced(draft, bytes)
    return await publish(draft, path, exclusive)
  } finally {
    await unlink(draft).catch(ignoreMissing)
  }
}

async function publish(draft: string, path: string, exclusive: boolean): Promise<boolean> {
  const folder = dirname(path)
  for (let tries = 1; ; tries++) {
    const created = await mkdir(folder, { recursive: true })
    try {
      // A link fails where a name is taken, a rename replaces it.
      await (exclusive ? link(draft, path) : rename(draft, path))
      await syncFolders(folder, created)
      return true
    } catch (error) {
      if (exclusive && isCode(error, 'EEXIST')) return false
      // A delete beside us may remove a folder that just became empty.
      if (!isCode(error, 'ENOENT') || tries === TRIES) throw error
    }
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o640)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Syncs `folder`, and, when folders from `created` downwards are new, each of them and the one that holds the first. */
async function syncFolders(folder: string, created: string | undefined): Promise<void> {
  const last = created === undefined ? folder : dirname(created)
  for (let path = folder; ; path = dirname(path)) {
    const handle = await open(path, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (path === last) return
  }
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

function ignoreMissing(error: unknown): void {
  if (!isCode(error, 'ENOENT')) throw error
}
