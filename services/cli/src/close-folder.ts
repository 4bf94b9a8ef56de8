import { chmodSync, type Dirent, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The folders that Pentimento makes in DATA_DIR. */
const ours = new Set(['models', 'redis', 'storage'])

/**
 * Takes DATA_DIR, and what an earlier version or another umask left open in it, from the other users of this machine. A
 * folder that was closed already shields what lies in it; only in an open one everything is looked at. Links are not
 * followed.
 *
 * @param warn told in one sentence when the folder stays open: it is somebody else's, or holds folders of others
 */
export function closeDataDir(dataDir: string, warn: (message: string) => void): void {
  const entries = readdirSync(dataDir, { withFileTypes: true })
  const foreign = entries.find(
    (entry) =>
      entry.isDirectory() && !ours.has(entry.name) && !entry.name.startsWith('.') && entry.name !== 'lost+found',
  )
  const failed = foreign === undefined ? close(dataDir) : null
  const { mode } = lstatSync(dataDir)
  if ((mode & 0o077) !== 0) {
    const why = foreign === undefined ? `it cannot be closed (${failed})` : `it also holds the folder "${foreign.name}"`
    warn(
      `DATA_DIR ${dataDir} can be entered by other users (mode ${(mode & 0o777).toString(8)}), and ${why}: give Pentimento a folder of its own, of mode 700`,
    )
  }
  for (const entry of entries) if (foreign === undefined || isOurs(entry)) closeTree(join(dataDir, entry.name))
}

function isOurs(entry: Dirent): boolean {
  return !entry.isDirectory() || ours.has(entry.name)
}

function closeTree(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  // Redis and deletions may take files away beside us.
  if (found === undefined || found.isSymbolicLink() || (found.mode & 0o077) === 0) return
  if (close(path) !== null || !found.isDirectory()) return
  for (const name of readdirSync(path)) closeTree(join(path, name))
}

/** Takes away what others may do; says why it could not. */
function close(path: string): string | null {
  try {
    const { mode } = lstatSync(path)
    if ((mode & 0o077) !== 0) chmodSync(path, mode & 0o700)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
