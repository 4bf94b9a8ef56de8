import { X } from 'lucide'
import type { JSX } from 'preact'
import { IconButton } from '../chrome/icon-button.tsx'
import { fieldOf, type Run } from '../state/run.ts'
import { cancelRuns } from './cancel-runs.ts'
import { percentOf, statusWords } from './run-status.ts'

/**
 * A run under way: a place for every picture that will come, with its preview, and how far it is. A sweep says
 * that once for its whole row.
 */
export function RunProgress({ run }: { run: Run }): JSX.Element {
  const percent = percentOf(run.job.value)
  const { width, height, count } = picturesToCome(run)
  return (
    <div class="run-progress">
      <ul class="pictures">
        {Array.from({ length: count }, (_, index) => (
          <li key={index} class="preview" style={{ '--ratio': width / height }}>
            {run.previews.value[index] && <img src={run.previews.value[index]} alt="What it looks like so far" />}
            <div class="veil" />
          </li>
        ))}
      </ul>
      {run.stored.sweep === null && <ProgressLine runs={[run]} />}
      <progress max={100} {...(percent !== null && { value: percent })} aria-label="Progress" />
    </div>
  )
}

/** What happens to the first of some runs, and the button that cancels all of them. */
export function ProgressLine({ runs }: { runs: readonly Run[] }): JSX.Element | null {
  const [first] = runs
  if (first === undefined) return null
  const mayCancel = runs.some(({ job, held }) => (job.value ? job.value.cancel_requested_at === null : held.value))
  return (
    <div class="progress-line">
      <span class="progress-words">{statusWords(first.job.value, first.secondsLeft.value, first.held.value)}</span>
      {mayCancel && <IconButton icon={X} label="Cancel" onClick={() => void cancelRuns(runs)} />}
    </div>
  )
}

function picturesToCome({ stored, job }: Run): { width: number; height: number; count: number } {
  const parameters = job.value?.parameters
  const field = (name: string, least: number) => Math.max(least, Number(fieldOf({ stored }, name)) || least)
  return {
    width: parameters?.width ?? field('width', 64),
    height: parameters?.height ?? field('height', 64),
    count: parameters?.num_images ?? Math.min(8, field('num_images', 1)),
  }
}
