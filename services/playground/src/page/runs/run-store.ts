import { createStore, del, set, values } from 'idb-keyval'
import type { StoredRun } from '../state/run.ts'

const store = createStore('pentimento', 'runs')

/** The runs of former visits; none where the browser keeps nothing. */
export async function loadRuns(): Promise<StoredRun[]> {
  return values<StoredRun>(store).catch(() => [])
}

/**
 * Keeps a run over a reload. Where the browser keeps nothing (a private window, a full disk), the page works on
 * without.
 */
export async function keepRun(run: StoredRun): Promise<void> {
  await set(run.key, run, store).catch(() => undefined)
}

export async function forgetRun(key: string): Promise<void> {
  await del(key, store).catch(() => undefined)
}
