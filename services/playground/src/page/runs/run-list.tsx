import { ListX, Trash2 } from 'lucide'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { IconButton } from '../chrome/icon-button.tsx'
import { fieldOf, isActive, type Run } from '../state/run.ts'
import { activeCount, runGroups, runs } from '../state/runs.ts'
import { RunCell } from './run-cell.tsx'
import { ProgressLine } from './run-progress.tsx'
import { removeRun } from './start-run.ts'

/** All runs, newest first. */
export function RunList(): JSX.Element {
  const count = activeCount.value
  const section = useRef<HTMLElement>(null)
  const newest = runs.value[0]
  useEffect(() => {
    // Where the results are below the picture, a run that was just started comes into view.
    const below = matchMedia('(max-width: 1179px)').matches
    if (below && newest?.job.peek() === null && newest.stored.jobId === null)
      section.current?.scrollIntoView({ behavior: 'smooth' })
  }, [newest])
  return (
    <section class="runs" aria-label="Results" ref={section}>
      <div class="runs-head">
        <h2>Results</h2>
        <span class="count" role="status">
          {count > 0 ? `${count} running` : runs.value.length > 0 && <span class="unseen">Nothing is running</span>}
        </span>
        {runs.value.length > count && (
          <IconButton icon={ListX} label="Remove all that have ended" onClick={removeEnded} />
        )}
      </div>
      {runGroups.value.length === 0 && (
        <p class="empty">
          Draw something crude or nothing at all, say what it should be, and press <strong>Generate</strong>. The
          pictures come here.
        </p>
      )}
      {runGroups.value.map(({ name, runs: members }) => (
        <RunGroup key={name} runs={members} />
      ))}
    </section>
  )
}

function removeEnded(): void {
  if (confirm('Remove all runs that have ended from this list?'))
    runs.value.filter((run) => !isActive(run)).forEach(removeRun)
}

function RunGroup({ runs }: { runs: Run[] }): JSX.Element | null {
  const [first] = runs
  if (first === undefined) return null
  const sweep = first.stored.sweep !== null
  const prompt = fieldOf(first, 'prompt')
  const active = runs.filter(isActive)
  return (
    <article class={sweep ? 'run sweep' : 'run'} aria-label={prompt || 'No prompt'}>
      <header>
        <p class="run-prompt" title={prompt}>
          {prompt || <em>No prompt</em>}
        </p>
        <p class="run-facts">
          {facts(first, sweep).map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </p>
        {active.length === 0 && (
          <IconButton icon={Trash2} label="Remove from the list" onClick={() => runs.forEach(removeRun)} />
        )}
      </header>
      <div class="cells">
        {runs.map((run) => (
          <div class="cell" key={run.stored.key}>
            <RunCell run={run} />
            {sweep && <p class="caption">{fieldOf(run, 'strength') || '0.75'}</p>}
          </div>
        ))}
      </div>
      {sweep && <ProgressLine runs={active} />}
    </article>
  )
}

const kindLabels = { txt2img: ['Text'], img2img: [], inpaint: ['Inpaint'] }

/** What a run was asked for and took, in words that each stay on one line. */
function facts(run: Run, sweep: boolean): string[] {
  const job = run.job.value
  const kind = kindLabels[run.stored.kind]
  if (sweep) return [...kind, 'Strength sweep', ...(job ? [`seed ${job.parameters.seed}`] : [])]
  const strength = job !== null && 'strength' in job.parameters ? job.parameters.strength : fieldOf(run, 'strength')
  const asked = run.stored.kind === 'txt2img' ? kind : [...kind, `strength ${strength}`]
  if (job === null) return asked
  const {
    steps_run,
    parameters: { seed },
  } = job
  const took = job.metrics ? [`${(job.metrics.total_ms / 1000).toFixed(1)} s`] : []
  return [...asked, `${steps_run} steps`, `seed ${seed}`, ...took]
}
