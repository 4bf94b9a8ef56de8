import { randomUUID } from 'node:crypto'
import { link, mkdir, open, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const TRIES = 5

/**
 * Writes a file that is whole or absent, and still there after a power cut: a temporary file is filled and synced,
 * then takes its name in one step, then its folder is synced. New folders are made and synced while the file is
 * written, which leaves the file system's journal one commit after the rename. Both are their owner's alone. With
 * `exclusive`, false when the name is taken. `temporary` is a folder on the same file system.
 */
export async function durableWrite(
  temporary: string,
  path: string,
  bytes: Uint8Array,
  exclusive: boolean,
): Promise<boolean> {
  const draft = join(temporary, randomUUID())
  try {
    await Promise.all([writeSynced(draft, bytes), makeFolder(dirname(path))])
    const published = await publish(draft, path, exclusive)
    if (exclusive) await unlink(draft)
    return published
  } catch (error) {
    await unlink(draft).catch(ignoreMissing)
    throw error
  }
}

async function publish(draft: string, path: string, exclusive: boolean): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      // A link fails where a name is taken, a rename replaces it.
      await (exclusive ? link(draft, path) : rename(draft, path))
    } catch (error) {
      if (exclusive && isCode(error, 'EEXIST')) return false
      // A delete beside us may remove a folder that just became empty.
      if (!isCode(error, 'ENOENT') || tries === TRIES) throw error
      await makeFolder(dirname(path))
      continue
    }
    // Missing: the object was deleted at once, and its folder with it.
    await syncFolder(dirname(path)).catch(ignoreMissing)
    return true
  }
}

/** Makes a folder where it is missing, and syncs the folders that hold new ones. */
async function makeFolder(folder: string): Promise<void> {
  const created = await mkdir(folder, { recursive: true, mode: 0o700 })
  if (created === undefined) return
  const holders: string[] = []
  for (let path = folder; path !== dirname(created); path = dirname(path)) holders.push(dirname(path))
  // A folder that a delete beside us removed again is made once more when the file takes its name.
  await Promise.all(holders.map((holder) => syncFolder(holder).catch(ignoreMissing)))
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

export function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

function ignoreMissing(error: unknown): void {
  if (!isCode(error, 'ENOENT')) throw error
}
