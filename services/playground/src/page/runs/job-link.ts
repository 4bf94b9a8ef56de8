import type { Job, JobSource } from '@pentimento/contracts'
import { effect } from '@preact/signals'
import { getJob } from '../api/client.ts'
import { keyRefused } from '../api/key.ts'
import { plainWords } from '../api/plain-words.ts'
import { notice } from '../state/notice.ts'
import { runOf, type StoredRun } from '../state/run.ts'
import { runs } from '../state/runs.ts'
import { settingsOfJob } from '../state/settings-of-job.ts'
import { formFields } from './form-fields.ts'
import { fragmentOf, linkedResult } from './result-fragment.ts'
import { keepRun } from './run-store.ts'
import { resumeRuns } from './start-run.ts'
import { viewed } from './viewed.ts'

/** Opens the result that the address names, now and whenever it changes; what is looked at stands in the address. */
export function followLinks(): void {
  openLinked()
  addEventListener('hashchange', openLinked)
  let shown = false
  effect(() => {
    const job = viewed.value?.run.job.value
    if (viewed.value && job) setFragment(fragmentOf({ job: job.id, index: viewed.value.index }))
    else if (shown) setFragment('')
    shown = viewed.value !== null
  })
}

/** Opens the result that the address names, if it names one. */
export function openLinked(): void {
  const linked = linkedResult(location.hash)
  if (linked) void openResult(linked)
}

function setFragment(fragment: string): void {
  history.replaceState(null, '', `${location.pathname}${location.search}${fragment}`)
}

/** Looks at a result in large; a job that this browser has not run is asked for, and joins the others. */
export async function openResult({ job: id, index }: JobSource): Promise<void> {
  if (!runs.value.some((run) => run.stored.jobId === id)) {
    try {
      await takeJob(await getJob(id))
    } catch (error) {
      // Whoever is asked for a key comes here again with it.
      if (!keyRefused.value) notice.value = plainWords(error)
      return
    }
  }
  const run = runs.value.find((one) => one.stored.jobId === id)
  if (run) viewed.value = { run, index }
}

async function takeJob(job: Job): Promise<void> {
  const stored: StoredRun = {
    key: job.id,
    jobId: job.id,
    kind: job.kind,
    fields: formFields(job.kind, settingsOfJob(job)),
    input: null,
    mask: null,
    sweep: null,
    source: job.source,
    createdAt: Date.parse(job.created_at),
  }
  await keepRun(stored)
  const run = runOf(stored)
  run.job.value = job
  resumeRuns([run])
}
