import { join } from 'node:path'
import { kindFolders } from '@pentimento/checkpoints'
import type { FoundAdapters } from './find-adapters.ts'
import { stampOf } from './read-files.ts'

interface Following {
  /** The models folder. */
  dir: string
  /** Reads all of it anew. */
  read: () => Promise<FoundAdapters>
  onChange: () => void
  onError: (error: unknown) => void
  everyMs?: number
}

/**
 * Finds what lies beside the models, and keeps it as the folders are. What changed is read when two looks find it the
 * same: a file that is still being copied is not whole.
 *
 * @returns what was found, changed in place, and what ends it, when the reading under way has ended
 */
export async function followAdapters({
  dir,
  read,
  onChange,
  onError,
  everyMs = 5000,
}: Following): Promise<{ adapters: FoundAdapters; stop: () => Promise<void> }> {
  const dirs = [...new Set(Object.values(kindFolders))].map((name) => join(dir, name))
  let seen = await stampOf(dirs)
  const adapters = await read()
  let last = seen
  let underWay = Promise.resolve()

  async function look(): Promise<void> {
    const stamp = await stampOf(dirs)
    if (stamp !== seen && stamp === last) {
      seen = stamp
      Object.assign(adapters, await read())
      onChange()
    }
    last = stamp
  }

  const timer = setInterval(() => {
    underWay = underWay.then(look).catch(onError)
  }, everyMs)
  async function stop(): Promise<void> {
    clearInterval(timer)
    await underWay
  }
  return { adapters, stop }
}
