import { createHash } from 'node:crypto'
import type { WeightFile } from '@pentimento/checkpoints'
import type { GraphOptions, RowSession } from './graph.ts'

interface Held {
  opening: Promise<RowSession>
  users: number
}

/**
 * Opens each graph once, however often it is wanted: models that differ in one network have the others in common. A
 * session goes with the last of those who hold it.
 *
 * @param open as of a runtime
 * @returns as `open`, of a graph in memory; `files` are those that its weights are read from: over changed files it is
 *   another one
 */
export function shareSessions(
  open: (model: Uint8Array, options: GraphOptions) => Promise<RowSession>,
): (model: Uint8Array, options: GraphOptions, files: readonly WeightFile[]) => Promise<RowSession> {
  const held = new Map<string, Held>()

  return async (model, options, files) => {
    const facts = files.map(({ path, size, modified }) => [path, size, modified])
    const key = createHash('sha256')
      .update(model)
      .update(JSON.stringify([options, facts]))
      .digest('base64')
    const one = held.get(key) ?? { opening: open(model, options), users: 0 }
    held.set(key, one)
    one.users++
    const forget = () => {
      if (held.get(key) === one) held.delete(key)
    }
    const session = await one.opening.catch((error) => {
      forget()
      throw error
    })
    let isHeld = true
    return {
      ...session,
      async release() {
        if (!isHeld) return
        isHeld = false
        if (--one.users > 0) return
        forget()
        await session.release()
      },
    }
  }
}
