import type { Job, JobSource } from '@pentimento/contracts'
import type { JSX } from 'preact'
import type { Run } from '../state/run.ts'
import { runs } from '../state/runs.ts'
import { openResult } from './job-link.ts'

/** What a result was made from, and what was made from it. */
export function Lineage({ run, job, index }: { run: Run; job: Job; index: number }): JSX.Element | null {
  const from = run.stored.source ?? job.source
  const children = runs.value.filter(
    ({ stored }) => stored.source?.job === job.id && stored.source.index === index && stored.jobId !== null,
  )
  if (!from && children.length === 0) return null
  return (
    <p class="row lineage hint">
      {from && <Link to={from}>Made from an earlier result</Link>}
      {children.map(({ stored }, i) => (
        <Link key={stored.key} to={{ job: stored.jobId ?? '', index: 0 }}>
          Made from this: {children.length - i}
        </Link>
      ))}
    </p>
  )
}

function Link({ to, children }: { to: JobSource; children: JSX.Element | (string | number)[] | string }): JSX.Element {
  return (
    <button type="button" class="chip" onClick={() => void openResult(to)}>
      {children}
    </button>
  )
}
