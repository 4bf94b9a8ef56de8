import type { JSX } from 'preact'
import { jobErrorWords } from '../api/plain-words.ts'
import { isActive, type Run } from '../state/run.ts'
import { cardAddress } from './images.ts'
import { RunProgress } from './run-progress.tsx'
import { retryRuns, runAgain } from './start-run.ts'
import { viewed } from './viewed.ts'

/** One run: its progress while it runs, then its pictures, or what went wrong. */
export function RunCell({ run }: { run: Run }): JSX.Element {
  if (isActive(run)) return <RunProgress run={run} />
  const problem = run.problem.value
  if (problem) return <Problem text={problem.text} {...(problem.again && { again: () => retryRuns([run]) })} />
  const job = run.job.value
  if (job?.status === 'succeeded') return <Pictures run={run} />
  const text = job?.error
    ? jobErrorWords(job.error)
    : job?.status === 'canceled'
      ? 'Canceled'
      : 'This run has ended without a picture.'
  // A picture of a sweep alone would stand apart from its row, and another page's input is not here.
  const whole = run.stored.input !== null || run.stored.kind === 'txt2img'
  return <Problem text={text} {...(run.stored.sweep === null && whole && { again: () => runAgain(run) })} />
}

function Pictures({ run }: { run: Run }): JSX.Element {
  const job = run.job.value
  return (
    <ul class="pictures">
      {job?.images.map(({ index, seed, width, height }, i) => {
        const address = cardAddress(job.id, index, run.stored.thumbnails?.[i])
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

function Problem({ text, again }: { text: string; again?: () => void }): JSX.Element {
  return (
    <div class="run-problem" role="status">
      <p>{text}</p>
      {again && (
        <button type="button" class="button small" onClick={again}>
          Try again
        </button>
      )}
    </div>
  )
}
