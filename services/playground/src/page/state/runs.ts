import { computed, signal } from '@preact/signals'
import { isActive, type Run } from './run.ts'

/** Newest first. */
export const runs = signal<Run[]>([])

/** Runs as they are shown: a strength sweep in one group, every other run alone. */
export const runGroups = computed(() => {
  const groups = new Map<string, Run[]>()
  for (const run of runs.value) {
    const name = run.stored.sweep ?? run.stored.key
    groups.set(name, [...(groups.get(name) ?? []), run])
  }
  return [...groups].map(([name, members]) => ({ name, runs: members.toSorted((a, b) => order(a) - order(b)) }))
})

/** What is searched for among them. */
export const search = signal('')

export const activeCount = computed(() => runs.value.filter(isActive).length)

/** Seed of the newest run that the service has accepted. */
export const lastSeed = computed(
  () => runs.value.find((run) => run.job.value !== null)?.job.value?.parameters.seed ?? null,
)

function order(run: Run): number {
  return run.stored.createdAt
}
