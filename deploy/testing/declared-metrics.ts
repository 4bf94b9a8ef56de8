import type { WorkerMetrics } from '../../services/worker/src/metrics.ts'

export interface DeclaredMetric {
  name: string
  type: string
  labels: string[]
}

/**
 * What a registry would emit, samples or not. The labels are in no type of prom-client's, but in each of its metrics.
 */
export function declaredMetrics(registry: WorkerMetrics['registry']): DeclaredMetric[] {
  const metrics = registry.getMetricsAsArray() as unknown as { name: string; type: string; labelNames: string[] }[]
  return metrics.map(({ name, type, labelNames }) => ({ name, type, labels: [...labelNames] }))
}
