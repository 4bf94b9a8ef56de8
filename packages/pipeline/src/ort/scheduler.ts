import { PipelineError } from '../errors.ts'
import { type DeviceFigures, noFigures } from './device-figures.ts'
import type { Graph, OnNewShape } from './graph.ts'
import { rowBatch } from './row-batch.ts'
import { limitsOf } from './row-flow.ts'
import type { RowLimitOptions } from './row-limits.ts'
import { createRowQueue, type NextRows, type RowQueue } from './row-queue.ts'

/** Decides what a device does next. It does one thing at a time. */
interface Scheduler extends Pick<RowQueue, 'addRow' | 'dropRows' | 'ask' | 'limitRows'> {
  /**
   * Something that is done alone: loading, encoding, decoding. It takes turns with calls for rows, so that neither
   * holds up the other.
   *
   * @param shape what a device that searches for the best way of each shape has not seen before is noted, and told
   */
  exclusive<T>(work: () => Promise<T>, shape?: string, onNewShape?: OnNewShape): Promise<T>
  /** What is known of a graph is forgotten. */
  forget(graph: Graph): void
  figures(): DeviceFigures
}

/** Answers how to tell the result, which is told when the time has been counted. */
type Work = () => Promise<() => void>

/** Batches of a graph that are kept for the next call of their size and kind. */
const keptBatches = 24

/** Encodings and decodings that go before rows: the sooner jobs have them done, the more rows fill the calls. */
const callsBeforeRows = 2

/** Milliseconds by a clock that all threads of the process share. */
export const sharedNow = (): number => performance.timeOrigin + performance.now()

/**
 * Whenever the device is free: at most two calls, then rows, the oldest first. No row waits for a batch to fill while
 * the device has nothing else to do.
 *
 * @param listen hears what was asked while the device computed, before it is decided what comes next
 */
export function createScheduler(
  options: RowLimitOptions,
  listen: () => void = () => {},
  now: () => number = sharedNow,
): Scheduler {
  const queue = createRowQueue(options)
  const calls: { work: Work; at: number }[] = []
  const note = noter(now)
  const occupation = occupier(note, now, turn)
  /** Since rows were last computed. */
  let callsDone = 0

  function turn(): void {
    if (occupation.isBusy()) return
    listen()
    const call = calls[0]
    if (call && (queue.waiting() === 0 || callsDone < callsBeforeRows)) {
      calls.shift()
      callsDone++
      occupation.occupy(call.at, call.work)
    } else if (queue.waiting() > 0) {
      const rows = queue.next()
      callsDone = 0
      note.called(rows.batch.length)
      occupation.occupy(rows.batch[0].at, () => runRows(rows, queue, options, note))
    }
  }

  return {
    addRow: queue.addRow,
    dropRows: queue.dropRows,
    limitRows: queue.limitRows,
    ask(...question) {
      occupation.wake()
      return queue.ask(...question)
    },
    exclusive: (work, shape, onNewShape) =>
      new Promise((resolve, reject) => {
        const inTurn = () =>
          work().then(
            (value) => () => resolve(value),
            (error) => () => reject(error),
          )
        calls.push({ at: now(), work: () => note.timed(inTurn, shape, onNewShape) })
        occupation.wake()
      }),
    forget: queue.forget,
    figures: () => ({ ...note.take(), waitingRows: queue.waiting() }),
  }
}

/** Keeps the device to one thing at a time. */
function occupier(note: Noter, now: () => number, turn: () => void) {
  let isBusy = false
  let isAwake = false
  let freeSince = now()
  return {
    isBusy: () => isBusy,
    /** Has it decided soon: what comes in one turn of the loop is seen together. */
    wake() {
      if (isAwake) return
      isAwake = true
      queueMicrotask(() => {
        isAwake = false
        turn()
      })
    },
    occupy(waitedSince: number, work: Work) {
      isBusy = true
      const started = now()
      note.idled(started - Math.max(freeSince, waitedSince))
      void work().then((answer) => {
        freeSince = now()
        note.worked(freeSince - started)
        isBusy = false
        answer()
        turn()
      })
    },
  }
}

type Noter = ReturnType<typeof noter>

/** Keeps the figures until they are taken. */
function noter(now: () => number) {
  const shapes = new Set<string>()
  let figures = noFigures()
  return {
    now,
    idled(ms: number) {
      figures.idleWithWorkMs += Math.max(0, ms)
    },
    worked(ms: number) {
      figures.busyMs += ms
    },
    called(rows: number) {
      figures.calls[rows] = (figures.calls[rows] ?? 0) + 1
    },
    newShape(ms: number) {
      figures.newShapes.push(ms)
    },
    async timed<T>(work: () => Promise<T>, shape: string | undefined, onNewShape?: OnNewShape): Promise<T> {
      const started = now()
      const answer = await work()
      if (shape === undefined || shapes.has(shape)) return answer
      const ms = now() - started
      shapes.add(shape)
      figures.newShapes.push(ms)
      onNewShape?.(ms)
      return answer
    },
    take(): DeviceFigures {
      const taken = figures
      figures = noFigures()
      return taken
    },
  }
}

/** One call for rows. Where it does not fit into the memory its rows are asked about again, in smaller calls. */
async function runRows(next: NextRows, queue: RowQueue, options: RowLimitOptions, note: Noter): ReturnType<Work> {
  const { flow, batch, size } = next
  const { kind, row } = batch[0]
  const key = `${size} ${kind}`
  const isNew = flow.joins && !flow.seen.has(key)
  const call = flow.batches.get(key) ?? rowBatch(flow.graph, row, size, flow.joins)
  const started = note.now()
  const rows = batch.map((one) => one.row)
  const told = batch.map(({ timestep }) => timestep)
  try {
    await call.run(rows, told)
  } catch (error) {
    if (flow.joins && batch.length > 1 && error instanceof PipelineError && error.code === 'out_of_memory') {
      limitsOf(flow, row, kind, options).tooLarge(size)
      return () => queue.putBack(next)
    }
    return () => {
      for (const { ask } of batch) ask.reject(error)
    }
  }
  const ms = note.now() - started
  if (isNew) {
    note.newShape(ms)
    flow.seen.add(key)
    for (const ask of new Set(batch.map((one) => one.ask))) ask.newShapeMs += ms
  } else if (flow.joins) limitsOf(flow, row, kind, options).note(size, ms)
  flow.batches.delete(key)
  flow.batches.set(key, call)
  if (flow.batches.size > keptBatches) flow.batches.delete(flow.batches.keys().next().value as string)
  return () => {
    for (const { ask } of batch) if (--ask.left === 0) ask.resolve(ask.newShapeMs)
  }
}
