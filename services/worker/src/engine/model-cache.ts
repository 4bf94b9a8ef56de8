import type { ModelRef } from './protocol.ts'

export interface ModelCache<M> {
  /** Those that are loaded now. */
  held(): { id: string; bytes: number }[]
  /** The loaded model, loading it first where needed. Models used longest ago make room before the load, so that the peak stays under the limit. */
  get(ref: ModelRef): Promise<{ model: M; loadMs: number }>
}

/**
 * Models kept in memory, least recently used first out.
 *
 * One caller at a time: the engine has one slot. A single model above `limitBytes` is loaded all the same, alone.
 */
export function createModelCache<M>(options: {
  limitBytes: number
  load: (ref: ModelRef) => Promise<M>
  release: (model: M) => Promise<void>
}): ModelCache<M> {
  // A Map keeps insertion order: the first entry is the one used longest ago.
  const loaded = new Map<string, { id: string; model: M; bytes: number }>()

  async function makeRoomFor(bytes: number): Promise<void> {
    let used = [...loaded.values()].reduce((sum, entry) => sum + entry.bytes, 0)
    for (const [dir, entry] of loaded) {
      if (used + bytes <= options.limitBytes) break
      loaded.delete(dir)
      await options.release(entry.model)
      used -= entry.bytes
    }
  }

  return {
    held: () => [...loaded.values()].map(({ id, bytes }) => ({ id, bytes })),
    async get(ref) {
      const held = loaded.get(ref.dir)
      if (held) {
        loaded.delete(ref.dir)
        loaded.set(ref.dir, held)
        return { model: held.model, loadMs: 0 }
      }
      await makeRoomFor(ref.bytes)
      const started = performance.now()
      const model = await options.load(ref)
      loaded.set(ref.dir, { id: ref.id, model, bytes: ref.bytes })
      return { model, loadMs: performance.now() - started }
    },
  }
}
