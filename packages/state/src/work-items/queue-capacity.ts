/**
 * What this process last saw of the room in the queues, so that not every submit has to ask Redis before its body is
 * read.
 */
export interface QueueCapacity {
  /** Whether one of the queues had a place a moment ago. */
  seen(models: readonly string[]): boolean
  /** One has a place now. */
  remember(model: string): void
  /** A job was refused for want of a place. */
  forget(model: string): void
}

/**
 * @param freshMs how long a place is believed in; what comes in meanwhile is read in vain at worst, for the check that
 * counts is made by `begin`
 */
export function createQueueCapacity(freshMs = 250): QueueCapacity {
  const seenAt = new Map<string, number>()
  return {
    seen: (models) => models.some((model) => performance.now() - (seenAt.get(model) ?? -Infinity) < freshMs),
    remember: (model) => void seenAt.set(model, performance.now()),
    forget: (model) => void seenAt.delete(model),
  }
}
