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
 * Keeps what was found as the folders are, while the worker runs. What changed is read when two looks find it the same:
 * a file that is still being copied is not whole.
 *
 * @param adapters changed in place
 * @returns ends it, when the reading under way has ended
 */
export function followAdapters(
  adapters: FoundAdapters,
  { dir, read, onChange, onError, everyMs = 5000 }: Following,
): () => Promise<void> {
  const dirs = [...new Set(Object.values(kindFolders))].map((name) => join(dir, name))
  let seen: string | undefined
  let last: string | undefined
  let underWay = Promise.resolve()

  async function look(): Promise<void> {
    const stamp = await stampOf(dirs)
    seen ??= stamp
    if (stamp !== seen && stamp === last) {
      seen = stamp
      Object.assign(adapters, await read())
      onChange()
    }
    last = stamp
  }

  const lookAgain = () => {
    underWay = underWay.then(look).catch(onError)
  }
  lookAgain()
  const timer = setInterval(lookAgain, everyMs)
  return async () => {
    clearInterval(timer)
    await underWay
  }
}
