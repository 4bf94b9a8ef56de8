import { computed, signal } from '@preact/signals'
import { keyRefused } from '../api/key.ts'
import { refusalMessages } from '../api/plain-words.ts'
import { maskToSend } from '../canvas/mask-actions.ts'
import { keyDialogOpen } from '../chrome/key-dialog.tsx'
import { mode, picture } from '../state/board.ts'
import { askedGuides } from '../state/guides.ts'
import { missing } from '../state/missing.ts'
import { model } from '../state/models.ts'
import { flattenToSend, pngOf } from '../state/picture.ts'
import { type Run, runOf, type StoredRun } from '../state/run.ts'
import { runs } from '../state/runs.ts'
import { errors, generalErrorId, type Settings, settings } from '../state/settings.ts'
import type { Missing } from '../state/what-is-missing.ts'
import { formFields } from './form-fields.ts'
import { forgetRun, keepRun } from './run-store.ts'
import { watchRun } from './watch-run.ts'

const kinds = { text: 'txt2img', sketch: 'img2img', inpaint: 'inpaint' } as const
const sweepStrengths = ['0.3', '0.45', '0.6', '0.75', '0.9']

/** Before the catalogue is there, nobody knows which sizes and steps suit the model. */
export const canRun = computed(() => model.value?.missing.length === 0)

/** What the last press of a button found missing. */
const found = signal<Missing | null>(null)
/** What was run all the same, and is not asked for again. */
let wanted: string | null = null

/** What is to be said beside the buttons, as long as it is true. */
export const lack = computed(() => (found.value?.text === missing.value?.text ? found.value : null))

/** Whether a run may begin; if not, what it lacks is said. The same press again runs what can be run without. */
function mayStart(): boolean {
  if (keyRefused.value) keyDialogOpen.value = true
  if (keyRefused.value || !canRun.value) return false
  const now = missing.value
  if (now?.mayRun && (lack.value !== null || wanted === now.text)) wanted = now.text
  found.value = now === null || wanted === now.text ? null : now
  return found.value === null
}

/** Sends the picture with the settings as they are. */
export async function startRun(): Promise<void> {
  if (!mayStart()) return
  errors.value = {}
  await start(runOf(await takeRun(settings.value, null)))
}

/** Sends the picture at five strengths with one seed, so that strength is all that differs. */
export async function startSweep(): Promise<void> {
  if (!mayStart()) return
  errors.value = {}
  const sweep = newKey()
  const drawn =
    settings.value.seed === '-1' ? String(crypto.getRandomValues(new Uint32Array(1))[0]) : settings.value.seed
  for (const strength of sweepStrengths) {
    const run = runOf(await takeRun({ ...settings.value, strength, seed: drawn, num_images: '1' }, sweep))
    void start(run)
    // The first answer tells whether the others are worth sending.
    if (!(await sent(run))) return
  }
}

/**
 * Takes runs that were not begun on this page among its own, the newest first, and follows those that have not ended.
 */
export function resumeRuns(former: readonly Run[]): void {
  const known = new Set(runs.value.map((run) => run.stored.key))
  const added = former.filter(({ stored }) => !known.has(stored.key))
  runs.value = [...runs.value, ...added].toSorted((a, b) => b.stored.createdAt - a.stored.createdAt)
  for (const run of added) if (run.stored.ended === undefined) void watch(run)
}

/** Tries again what did not get through. */
export function retryRuns(retried: readonly Run[] = runs.value): void {
  for (const run of retried) if (run.problem.value?.again) void watch(run)
}

/** Runs once more what failed or was canceled, with the picture and the settings of then. */
export function runAgain(run: Run): void {
  removeRun(run)
  const { ended, thumbnails, ...asked } = run.stored
  void start(runOf({ ...asked, key: newKey(), jobId: null, createdAt: Date.now() }))
}

export function removeRun(run: Run): void {
  run.following.abort()
  runs.value = runs.value.filter((other) => other !== run)
  void forgetRun(run.stored.key)
}

async function takeRun(from: Settings, sweep: string | null): Promise<StoredRun> {
  const kind = kinds[mode.value]
  return {
    key: newKey(),
    jobId: null,
    kind,
    fields: formFields(kind, from),
    input: kind === 'txt2img' ? null : await pngOf(flattenToSend(picture.value)),
    mask: kind === 'inpaint' ? await pngOf(maskToSend(picture.value)) : null,
    guides: askedGuides(from),
    sweep,
    source: kind === 'txt2img' ? null : picture.value.origin,
    createdAt: Date.now(),
  }
}

async function start(run: Run): Promise<void> {
  runs.value = [run, ...runs.value]
  await keepRun(run.stored)
  await watch(run)
}

/** Follows a run; when the api refuses its fields, the run goes and its fields say why. */
async function watch(run: Run): Promise<void> {
  try {
    await watchRun(run)
  } catch (error) {
    removeRun(run)
    errors.value = refusalMessages(error, (field) => document.getElementById(field) !== null)
    // Once the messages are on the page, the first wrong field takes the focus, or the message that has none.
    const [first] = Object.keys(errors.value)
    requestAnimationFrame(() => {
      const element = document.getElementById(first || generalErrorId)
      element?.focus({ preventScroll: true })
      // The page may still be on its way to the results.
      element?.scrollIntoView({ block: 'center' })
    })
  }
}

/** Waits until the service has taken the run or refused it. */
function sent(run: Run): Promise<boolean> {
  return new Promise((resolve) => {
    const look = () => {
      if (run.stored.jobId !== null) return resolve(true)
      if (run.problem.value !== null || !runs.value.includes(run)) return resolve(false)
      setTimeout(look, 30)
    }
    look()
  })
}

/** 128 random bits in hexadecimal (`crypto.randomUUID` is missing on plain http). */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
