/** One thing that can be taken back. */
export interface Change {
  undo(): void
  redo(): void
  /** Memory that keeping the change takes. */
  bytes: number
}

/** Changes in the order in which they were made; the last of `undone` is the next to be redone. */
interface History {
  done: readonly Change[]
  undone: readonly Change[]
}

export const emptyHistory: History = { done: [], undone: [] }

/**
 * Adds a change that has just been made. What was undone is gone, and the oldest changes go when all take more than
 * `limitBytes`.
 */
export function remember(history: History, change: Change, limitBytes: number): History {
  const done = [...history.done, change]
  let bytes = done.reduce((sum, { bytes }) => sum + bytes, 0)
  let first = 0
  while (bytes > limitBytes && first < done.length - 1) bytes -= done[first++]?.bytes ?? 0
  return { done: done.slice(first), undone: [] }
}

/** Takes the last change back; the same history when there is none. */
export function undo(history: History): History {
  const change = history.done.at(-1)
  if (change === undefined) return history
  change.undo()
  return { done: history.done.slice(0, -1), undone: [...history.undone, change] }
}

/** Makes the change again that was undone last; the same history when there is none. */
export function redo(history: History): History {
  const change = history.undone.at(-1)
  if (change === undefined) return history
  change.redo()
  return { done: [...history.done, change], undone: history.undone.slice(0, -1) }
}
