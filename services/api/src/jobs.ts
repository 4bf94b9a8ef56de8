import type { Job } from '@pentimento/contracts'
import { type JobLookup, type JobRecord, type Jobs, type Signer, toJob } from '@pentimento/state'
import { keys } from '@pentimento/storage'
import type { Deps } from './deps.ts'
import { type Caller, signerOf } from './http/auth.ts'
import { HttpProblem } from './http/problem.ts'

/** The job a lookup found, or the answer to its absence. A job of another tenant looks like none. */
export function foundJob(lookup: JobLookup): JobRecord {
  if (lookup === null) throw new HttpProblem('not_found', 'there is no such job')
  if ('gone' in lookup) throw goneProblem(lookup.gone)
  return lookup
}

export function goneProblem(gone: 'deleted' | 'expired'): HttpProblem {
  return new HttpProblem(gone, gone === 'deleted' ? 'the job was deleted' : 'the job was kept until its expires_at')
}

type ViewDeps = Pick<Deps, 'state' | 'publicUrl'>

const views = new WeakMap<JobRecord, Map<string, Promise<Job>>>()

/**
 * The public job object, with its place in the queue while it waits, signed for its reader. Those who share a record
 * and a key share its view.
 */
export async function jobView(deps: ViewDeps, record: JobRecord, caller: Caller): Promise<Job> {
  const signer = await signerOf(deps, caller)
  const shared = views.get(record) ?? new Map<string, Promise<Job>>()
  views.set(record, shared)
  const reader = `${signer && caller.keyId} ${signer?.until}`
  const view = shared.get(reader) ?? viewOf(deps, record, signer)
  shared.set(reader, view)
  return view
}

async function viewOf(deps: ViewDeps, record: JobRecord, signer: Signer | null): Promise<Job> {
  const standing = record.status === 'queued' ? await deps.state.jobs.standing(record) : null
  return toJob(record, {
    publicUrl: deps.publicUrl,
    signer,
    queuePosition: standing?.queuePosition ?? null,
    etaSeconds: standing?.etaSeconds ?? null,
  })
}

/** Cancels a job: at once while it waits, between steps while it runs. */
export async function cancelJob(
  deps: Pick<Deps, 'state' | 'store' | 'metrics' | 'log'>,
  tenant: string,
  id: string,
): ReturnType<Jobs['requestCancel']> {
  const canceled = await deps.state.jobs.requestCancel(tenant, id)
  if (canceled.outcome === 'canceled') {
    deps.metrics.ended.inc({ status: 'canceled', code: '' })
    await eraseInputs(deps, tenant, id).catch((err) =>
      deps.log.warn({ err, job: id }, 'the inputs of a canceled job are left to the sweeper'),
    )
  }
  return canceled
}

/** Deletes everything of a job whose record is gone, so that it counts no more. */
export async function eraseObjects(deps: Pick<Deps, 'state' | 'store'>, tenant: string, id: string): Promise<void> {
  await deps.store.deletePrefix(keys.jobPrefix(tenant, id))
  await deps.state.jobs.sweep.objectsErased({ id, tenant })
}

/** Deletes the inputs of a job that has ended, so that they count no more. */
async function eraseInputs(deps: Pick<Deps, 'state' | 'store'>, tenant: string, id: string): Promise<void> {
  await deps.store.deletePrefix(keys.inputsPrefix(tenant, id))
  await deps.state.jobs.sweep.inputsErased({ id, tenant })
}
