import { isFinal } from '@pentimento/contracts'
import type { JobRecord } from '@pentimento/state'
import type { DialectDeps } from '../run-jobs.ts'

/** A request whose pictures are being made. */
interface Running {
  jobs: string[]
  /** The client's own name for it (`force_task_id`). */
  task: string
  what: 'txt2img' | 'img2img'
}

const listName = 'a1111-running'
/** A request that its process forgot, dead by now, is not shown for ever. */
const longestMs = 6 * 3_600_000

/** Tells every api process that a request is under way; the answer ends it. */
export async function announce({ state }: DialectDeps, tenant: string, running: Running): Promise<() => Promise<void>> {
  const text = JSON.stringify(running)
  await state.notes.add(tenant, listName, text, longestMs)
  return () => state.notes.remove(tenant, listName, text)
}

/** The tenant's requests that are under way, the newest first. */
export async function runningOf({ state }: DialectDeps, tenant: string): Promise<Running[]> {
  const texts = await state.notes.list(tenant, listName)
  return texts.map((text) => JSON.parse(text) as Running).reverse()
}

/** The newest of them that is really under way, with its jobs. */
export async function newestRunning(
  deps: DialectDeps,
  tenant: string,
  isMeant: (running: Running) => boolean = () => true,
): Promise<{ running: Running; jobs: JobRecord[] } | null> {
  for (const running of await runningOf(deps, tenant)) {
    if (!isMeant(running)) continue
    const found = await Promise.all(running.jobs.map((id) => deps.state.jobs.get(tenant, id)))
    const jobs = found.flatMap((job) => (job === null || 'gone' in job ? [] : [job]))
    if (jobs.some(({ status }) => !isFinal(status))) return { running, jobs }
  }
  return null
}
