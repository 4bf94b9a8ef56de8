import type { Job } from '@pentimento/contracts'
import { X } from 'lucide'
import type { JSX } from 'preact'
import { cancelJob } from '../api/client.ts'
import { jobErrorWords, plainWords } from '../api/plain-words.ts'
import { IconButton } from '../chrome/icon-button.tsx'
import { notice } from '../chrome/notice.ts'
import { imageAddress } from './images.ts'
import { isActive, type Run } from './run.ts'
import { percentOf, statusWords } from './run-status.ts'
import { removeRun, retryRuns } from './start-run.ts'
import { viewed } from './viewed.ts'

/** One run: its progress while it runs, then its pictures, or what went wrong. */
export function RunCell({ run }: { run: Run }): JSX.Element {
  if (isActive(run)) return <Progress run={run} />
  const problem = run.problem.value
  if (problem) return <Problem run={run} text={problem.text} again={problem.again} />
  const job = run.job.value
  if (job?.status === 'succeeded') return <Pictures run={run} />
  const text = job?.error
    ? jobErrorWords(job.error)
    : job?.status === 'canceled'
      ? 'Canceled'
      : 'This run has ended without a picture.'
  return <Problem run={run} text={text} again={false} />
}

function Progress({ run }: { run: Run }): JSX.Element {
  const job = run.job.value
  const words = statusWords(job, run.secondsLeft.value, run.held.value)
  const percent = percentOf(job)
  return (
    <div class="run-progress">
      <div class="preview">
        {run.preview.value && <img src={run.preview.value} alt="What it looks like so far" />}
        <div class="veil" />
      </div>
      <div class="progress-line">
        <span class="progress-words" role="status">
          {words}
        </span>
        {(job ? job.cancel_requested_at === null : run.held.value) && (
          <IconButton icon={X} label="Cancel" onClick={() => void cancel(run, job)} />
        )}
      </div>
      <progress max={100} {...(percent !== null && { value: percent })} aria-label="Progress" />
    </div>
  )
}

function Pictures({ run }: { run: Run }): JSX.Element {
  const job = run.job.value
  return (
    <ul class="pictures">
      {job?.images.map(({ index, seed, width, height }) => {
        const address = imageAddress(job.id, index).value
        return (
          <li key={index}>
            <button
              type="button"
              class="picture"
              aria-label={`Look at picture ${index + 1}, seed ${seed}`}
              onClick={() => {
                viewed.value = { run, index }
              }}
            >
              {address ? (
                <img src={address} alt={job.parameters.prompt} width={width} height={height} />
              ) : (
                <span class="placeholder" style={{ '--ratio': width / height }} />
              )}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function Problem({ run, text, again }: { run: Run; text: string; again: boolean }): JSX.Element {
  return (
    <div class="run-problem" role="status">
      <p>{text}</p>
      <div class="row">
        {again && (
          <button type="button" class="button small" onClick={() => retryRuns([run])}>
            Try again
          </button>
        )}
        <button type="button" class="button small" onClick={() => removeRun(run)}>
          Remove
        </button>
      </div>
    </div>
  )
}

async function cancel(run: Run, job: Job | null): Promise<void> {
  if (job === null) return removeRun(run)
  try {
    run.job.value = await cancelJob(job.id)
  } catch (error) {
    // A job that ended before the cancel came is what the stream tells anyway.
    if (run.job.value && isActive(run)) notice.value = plainWords(error)
  }
}
