import { readFile } from 'node:fs/promises'
import type { EngineOptions } from '../engine/engine.ts'
import type { WorkerMetrics } from '../metrics.ts'

/** The options of an engine, with its restarts counted and the models that it holds noted. */
export function observeEngine(metrics: WorkerMetrics, options: EngineOptions): EngineOptions {
  let starts = 0
  return {
    ...options,
    onState: (state, detail) => {
      if (state === 'ready' && ++starts > 1) metrics.engineRestarts.inc()
      options.onState(state, detail)
    },
    onModels: (models) => {
      metrics.modelLoadedBytes.reset()
      for (const { id, bytes } of models) metrics.modelLoadedBytes.set({ model: id }, bytes)
    },
  }
}

/** Memory of a process as Linux tells it; 0 elsewhere, and when it is gone. */
export async function residentBytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}
