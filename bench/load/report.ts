import { quantile } from '../quantile.ts'
import type { Tenant } from './cluster.ts'
import type { PhaseResult } from './phases.ts'
import { growth, type MemorySample } from './watch-memory.ts'

const ALLOWED = [202, 429, 503]

/** `202 512, 429 rate_limited 3` */
export function answersOf({ submitted }: PhaseResult): string {
  return countsOf(submitted.map(({ status, code }) => `${status}${code === null ? '' : ` ${code}`}`))
}

export function countsOf(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return (
    [...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, count]) => `${name}: ${count}`)
      .join(', ') || 'none'
  )
}

/** Milliseconds until a 202. */
export function acceptMs({ submitted }: PhaseResult, q: number): number {
  return quantile(
    submitted.filter(({ status }) => status === 202).map(({ ms }) => ms),
    q,
  )
}

export const strange = ({ submitted }: PhaseResult): number =>
  submitted.filter(({ status }) => !ALLOWED.includes(status)).length

export const lost = ({ ended }: PhaseResult): number => ended.filter(({ status }) => status !== 'succeeded').length

/** Jobs that ended while the load lasted, after its first quarter, by tenant: what each got of the service. */
export function sharesOf({ ended, from, to }: PhaseResult, tenants: readonly Tenant[]): string[] {
  const since = from + (to - from) / 4
  const done = ended.filter(({ finishedAt }) => finishedAt >= since && finishedAt <= to)
  const share = (names: string[]) =>
    `${((done.filter(({ tenant }) => names.includes(tenant)).length / done.length) * 100).toFixed(1)} %`
  const weights = [...new Set(tenants.map(({ weight }) => weight))]
  return [
    ...weights.map((weight) => {
      const names = tenants.filter((tenant) => tenant.weight === weight).map(({ name }) => name)
      return `${names.length} tenants of weight ${weight} together  ${share(names)}`
    }),
    ...tenants.map(({ name, weight }) => `${name.padEnd(10)} weight ${weight}  ${share([name]).padStart(7)}`),
  ]
}

/** First, highest and last memory, and how it grew in the second half. */
export function memoryLine(samples: readonly MemorySample[], of: 'apiBytes' | 'redisBytes'): string {
  const values = samples.map((sample) => sample[of])
  const mb = (bytes: number | undefined) => `${((bytes ?? Number.NaN) / 1e6).toFixed(1)} MB`
  const percent = (growth(samples, of) * 100).toFixed(1)
  return `first ${mb(values[0])}, highest ${mb(Math.max(...values))}, last ${mb(values.at(-1))}; second half ${percent} %`
}
