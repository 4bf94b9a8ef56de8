import { Trash2 } from 'lucide'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { IconButton } from '../chrome/icon-button.tsx'
import { fieldOf, isActive, type Run } from './run.ts'
import { RunCell } from './run-cell.tsx'
import { activeCount, runGroups, runs } from './runs.ts'
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
      <h2>Results {count > 0 && <span class="count">{count === 1 ? '1 running' : `${count} running`}</span>}</h2>
      {runGroups.value.length === 0 && (
        <p class="empty">
          Draw something crude, say what it should be, and press <strong>Generate</strong>. The pictures come here.
        </p>
      )}
      {runGroups.value.map(({ name, runs: members }) => (
        <RunGroup key={name} runs={members} />
      ))}
    </section>
  )
}

function RunGroup({ runs }: { runs: Run[] }): JSX.Element | null {
  const [first] = runs
  if (first === undefined) return null
  const sweep = first.stored.sweep !== null
  const prompt = fieldOf(first, 'prompt')
  return (
    <article class={sweep ? 'run sweep' : 'run'} aria-label={prompt || 'No prompt'}>
      <header>
        <p class="run-prompt" title={prompt}>
          {prompt || <em>No prompt</em>}
        </p>
        <p class="run-facts">{facts(first, sweep)}</p>
        {!runs.some(isActive) && (
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
    </article>
  )
}

function facts(run: Run, sweep: boolean): string {
  const job = run.job.value
  const kind = run.stored.kind === 'inpaint' ? 'Inpaint · ' : ''
  if (job === null) return sweep ? `${kind}Strength sweep` : `${kind}Sending`
  const { strength, seed, steps_run } = job.parameters
  const took = job.metrics ? ` · ${(job.metrics.total_ms / 1000).toFixed(1)} s` : ''
  return sweep
    ? `${kind}Strength sweep · seed ${seed}`
    : `${kind}Strength ${strength} · ${steps_run} steps · seed ${seed}${took}`
}
