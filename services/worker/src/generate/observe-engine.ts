import { readFile } from 'node:fs/promises'
import type { EngineOptions } from '../engine/engine.ts'
import type { WorkerMetrics } from '../metrics.ts'

/** The options of an engine, with its restarts counted, and what it holds and its device does noted. */
export function observeEngine(metrics: WorkerMetrics, options: EngineOptions): EngineOptions {
  let starts = 0
  return {
    ...options,
    onState: (state, detail) => {
      if (state === 'ready' && ++starts > 1) metrics.engineRestarts.inc()
      options.onState(state, detail)
    },
    onDevice: ({ busyMs, idleWithWorkMs, calls, waitingRows, newShapes }) => {
      metrics.deviceBusySeconds.inc(busyMs / 1000)
      metrics.deviceIdleSeconds.inc(idleWithWorkMs / 1000)
      metrics.rowsWaiting.set(waitingRows)
      for (const [rows, count] of Object.entries(calls)) {
        for (let i = 0; i < count; i++) metrics.callRows.observe(Number(rows))
      }
      for (const ms of newShapes) metrics.shapeWarmupSeconds.observe(ms / 1000)
    },
    onModels: (models) => {
      metrics.modelLoadedBytes.reset()
      if (models.length === 0) metrics.rowsWaiting.set(0)
      for (const { id, bytes } of models) metrics.modelLoadedBytes.set({ model: id }, bytes)
    },
  }
}

/** Memory of a process as Linux tells it; 0 elsewhere, and when it is gone. */
export async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}
