import { useSignal } from '@preact/signals'
import { ListX, Trash2 } from 'lucide'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { IconButton } from '../chrome/icon-button.tsx'
import { fieldOf, isActive, type Run } from '../state/run.ts'
import { activeCount, runGroups, runs, search } from '../state/runs.ts'
import { badgesOf } from './badge-words.ts'
import { HistoryBar } from './history-bar.tsx'
import { matches } from './matches.ts'
import { RunCell } from './run-cell.tsx'
import { ProgressLine } from './run-progress.tsx'
import { removeRun } from './start-run.ts'

/** Cards that are on the page at once: a browser keeps many more runs than it draws with ease. */
const mostShown = 40

/** All runs, newest first, or those that are searched for. */
export function RunList(): JSX.Element {
  const count = activeCount.value
  const section = useRef<HTMLElement>(null)
  const newest = runs.value[0]
  const most = useSignal(mostShown)
  const found = runGroups.value.filter((group) => group.runs.some((run) => matches(run, search.value)))
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
      {runs.value.length > 0 && <HistoryBar shown={found.flatMap((group) => group.runs)} />}
      {runs.value.length > 0 && found.length === 0 && <p class="empty">Nothing is found.</p>}
      {found.slice(0, most.value).map(({ name, runs: members }) => (
        <RunGroup key={name} runs={members} />
      ))}
      {found.length > most.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            most.value += mostShown
          }}
        >
          Show more
        </button>
      )}
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
  const badges = badgesOf(runs.flatMap(({ job }) => job.value ?? []))
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
        {badges.length > 0 && (
          <ul class="badges" aria-label="Warnings">
            {badges.map(({ words, message }) => (
              <li class="badge" key={message} title={message}>
                {words}
              </li>
            ))}
          </ul>
        )}
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
