import type { AdapterEntry, Adapters, ModelEntry } from '@pentimento/contracts'

type WorkerState = 'starting' | 'ready' | 'busy' | 'draining' | 'failed'

export interface Announcement {
  workerId: string
  state: WorkerState
  device: string
  /** Bytes; null where it is not known. */
  deviceMemory: number | null
  /** Jobs that it runs at once; 1 where it does not say. */
  slots?: number
  /** Those that lack a part among them: they are shown, and not served. */
  models: ModelEntry[]
  /** Files that models take; workers of an older version say nothing of them. */
  adapters?: AdapterEntry[]
}

export interface CatalogueEntry {
  entry: ModelEntry
  /** A worker that is ready, busy or starting serves it now. */
  available: boolean
  /** How many do. */
  workers: number
  /** What these have for models to take; null without any of them. */
  adapters: Adapters
}

export interface Workers {
  /** Call every 5 s: an announcement counts for 15 s. */
  announce(announcement: Announcement): Promise<void>
  withdraw(workerId: string): Promise<void>
  list(): Promise<Announcement[]>
  /** Every model that was ever announced, by id. */
  catalogue(): Promise<CatalogueEntry[]>
}
