import type { WorkItem } from '@pentimento/contracts'

/** Why a handler's signal was aborted. */
export type StopReason = 'cancel' | 'shutdown' | 'lost_lock'

/**
 * What the handler did with a work item. `done`: the job is final, or not this worker's affair any more. `give-back`:
 * the item waits again in its old place (call `release` or `crashed` first, if the job had been started).
 */
export type Handled = 'done' | 'give-back'

export interface HeldItem extends WorkItem {
  /** Start tag of fair queueing: a worker of several models gives its slot to the lowest. */
  tag: number
}

/** `signal.reason` is a `StopReason`. An exception counts as a crash of the running attempt. */
export type Handler = (item: HeldItem, signal: AbortSignal) => Promise<Handled>

export interface ConsumeOptions {
  model: string
  handler: Handler
  /** The same as is given to `start`; another one after a restart of the process. */
  workerName: string
  /** Items held at once: the one that runs and those prepared (default 2). */
  hold?: number
}

export interface Consumer {
  /** Changes how many items are held at once. */
  hold(items: number): Promise<void>
  /** Takes no more items, and waits for those held. */
  drain(): Promise<void>
  /** Takes no more items, aborts the signals of those held with `shutdown`, and waits for the handlers. */
  shutdown(): Promise<void>
}

export interface QueueDepth {
  model: string
  waiting: number
  /** Items that workers hold: the running ones and those prepared. */
  active: number
  running: number
  /** Milliseconds since the oldest waiting job was accepted; 0 when none waits. */
  oldestWaitMs: number
  /** Seconds that one worker would need for all of it; as long as no job of the model has ended, a guess. */
  backlogSeconds: number
  workers: number
}

export interface Queue {
  consume(options: ConsumeOptions): Promise<Consumer>
  /** Depth of each model's queue. */
  depths(models: readonly string[]): Promise<QueueDepth[]>
  /**
   * Whether at least `maxDepth` jobs wait for each of the models, and the seconds until one of those queues has a place
   * again, as measured (null while nothing is known). Never full without models. For a quarter of a second a place that
   * was seen is believed in, unless `begin` refuses a job meanwhile.
   */
  full(models: readonly string[], maxDepth: number): Promise<{ full: boolean; seconds: number | null }>
}
