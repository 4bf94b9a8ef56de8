import { signal } from '@preact/signals'
import type { Run } from '../state/run.ts'
import { runGroups } from '../state/runs.ts'

/** A result: one of the pictures of a run. */
interface Viewed {
  run: Run
  index: number
}

/** The result that is looked at in large, if any. */
export const viewed = signal<Viewed | null>(null)

/** The pictures that stand together with those of a run: its own, or those of its whole sweep. */
export function picturesBeside(run: Run): Viewed[] {
  const group = runGroups.value.find(({ runs }) => runs.includes(run))?.runs ?? [run]
  return group.flatMap((member) => (member.job.value?.images ?? []).map(({ index }) => ({ run: member, index })))
}
