import { type ModelRef, refKey } from './protocol.ts'

interface Loan<M> {
  model: M
  /** 0 where it was there already. */
  loadMs: number
  /** It was there, and its files have changed since: it was loaded anew. */
  reloaded: boolean
  giveBack: () => void
}

export interface ModelCache<M> {
  /** Those that are loaded now. */
  held(): { id: string; bytes: number }[]
  /**
   * The loaded model, loading it first where needed; it stays until `giveBack`. One load at a time: models that nobody
   * has borrowed make room before it, the one used longest ago first, so that the peak stays under the limit; where
   * that is not enough, it waits until models are given back.
   */
  borrow(ref: ModelRef): Promise<Loan<M>>
}

interface Held<M> {
  id: string
  model: M
  bytes: number
  borrowers: number
}

/**
 * Models kept in memory, least recently used first out. A single model above `limitBytes` is loaded all the same,
 * alone.
 */
export function createModelCache<M>(options: {
  limitBytes: number
  load: (ref: ModelRef) => Promise<M>
  release: (model: M) => Promise<void>
  /** Whether its files are still what was loaded. */
  isCurrent: (model: M) => Promise<boolean>
}): ModelCache<M> {
  // A Map keeps insertion order: the first entry is the one used longest ago.
  const loaded = new Map<string, Held<M>>()
  let turn: Promise<unknown> = Promise.resolve()
  let given = Promise.withResolvers<void>()

  async function makeRoomFor(bytes: number): Promise<void> {
    const fits = () => [...loaded.values()].reduce((sum, held) => sum + held.bytes, bytes) <= options.limitBytes
    while (loaded.size > 0 && !fits()) {
      const idle = [...loaded].find(([, { borrowers }]) => borrowers === 0)
      if (!idle) {
        await given.promise
        continue
      }
      loaded.delete(idle[0])
      await options.release(idle[1].model)
    }
  }

  async function load(ref: ModelRef): Promise<{ held: Held<M>; loadMs: number; reloaded: boolean }> {
    const held = loaded.get(refKey(ref))
    const isCurrent = held !== undefined && (await options.isCurrent(held.model))
    if (isCurrent) {
      loaded.delete(refKey(ref))
      loaded.set(refKey(ref), held)
      return { held, loadMs: 0, reloaded: false }
    }
    if (held) await dropOnceIdle(refKey(ref), held)
    await makeRoomFor(ref.bytes)
    const started = performance.now()
    const fresh = { id: ref.id, model: await options.load(ref), bytes: ref.bytes, borrowers: 0 }
    loaded.set(refKey(ref), fresh)
    return { held: fresh, loadMs: performance.now() - started, reloaded: held !== undefined }
  }

  async function dropOnceIdle(key: string, held: Held<M>): Promise<void> {
    while (held.borrowers > 0) await given.promise
    loaded.delete(key)
    await options.release(held.model)
  }

  function lend({ held, loadMs, reloaded }: { held: Held<M>; loadMs: number; reloaded: boolean }): Loan<M> {
    held.borrowers++
    let out = true
    const giveBack = () => {
      if (!out) return
      out = false
      held.borrowers--
      given.resolve()
      given = Promise.withResolvers()
    }
    return { model: held.model, loadMs, reloaded, giveBack }
  }

  return {
    held: () => [...loaded.values()].map(({ id, bytes }) => ({ id, bytes })),
    borrow(ref) {
      const loan = turn.then(() => load(ref)).then(lend)
      turn = loan.catch(() => {})
      return loan
    },
  }
}
