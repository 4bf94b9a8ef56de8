import { open, rm, stat, utimes } from 'node:fs/promises'
import { codeOf } from './pull-error.ts'

/**
 * Keeps two pulls of the same model apart. The holder touches the file every few seconds: one that nobody has touched
 * for longer was left by a pull that was killed, and counts no more. Unlike a process's number that holds across
 * containers, too.
 *
 * @param path a file in a folder that exists
 * @returns what gives the lock back
 * @throws Error when another pull is under way
 */
export async function lockPull(path: string, staleMs = 10_000): Promise<() => Promise<void>> {
  const age = await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  )
  if (age > staleMs) await rm(path, { force: true })
  try {
    await (await open(path, 'wx', 0o600)).close()
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    throw new Error(
      `another pull of this model is under way; if it was killed, pull again in ${Math.ceil(staleMs / 1000)} seconds`,
    )
  }
  const touch = () => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }
  const timer = setInterval(touch, staleMs / 4).unref()
  return async () => {
    clearInterval(timer)
    await rm(path, { force: true })
  }
}
