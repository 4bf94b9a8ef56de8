import { Trash2 } from 'lucide'
import type { JSX } from 'preact'
import { IconButton } from '../chrome/icon-button.tsx'
import { fieldOf, isActive, type Run } from './run.ts'
import { RunCell } from './run-cell.tsx'
import { activeCount, runGroups } from './runs.ts'
import { removeRun } from './start-run.ts'

/** All runs, newest first. */
export function RunList(): JSX.Element {
  const count = activeCount.value
  return (
    <section class="runs" aria-label="Results">
      <h2>Results {count > 0 && <span class="count">{count === 1 ? '1 running' : `${count} running`}</span>}</h2>
      {runGroups.value.length === 0 && (
        <p class="empty">
          Draw something crude, say what it should be, and press <strong>Generate</strong>. The pictures come here.
        </p>
      )}
      {runGroups.value.map(({ name, runs }) => (
        <RunGroup key={name} runs={runs} />
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
  const kind = sweep ? 'Strength sweep' : run.stored.kind === 'inpaint' ? 'Inpaint' : 'img2img'
  if (job === null) return kind
  const { strength, seed, steps_run } = job.parameters
  const took = job.metrics ? ` · ${(job.metrics.total_ms / 1000).toFixed(1)} s` : ''
  return sweep ? `${kind} · seed ${seed}` : `${kind} · strength ${strength} · ${steps_run} steps · seed ${seed}${took}`
}
