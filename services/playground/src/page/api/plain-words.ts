import type { ErrorCode } from '@pentimento/contracts'
import { ApiError } from './client.ts'

/** What people should do about an error, where the api's own words are meant for programmers. */
const advice: Partial<Record<ErrorCode, string>> = {
  unauthorized: 'This service asks for a key. Enter yours with the key button at the top.',
  forbidden: 'Your key may not do this.',
  rate_limited: 'Too many requests at once. Try again in a moment.',
  too_many_jobs: 'You have as many runs under way as you may. Wait for one to end, or cancel one.',
  quota_exceeded: 'Your quota for today is used up.',
  payload_too_large: 'The picture is too large to send.',
  queue_unavailable: 'The service cannot take runs right now. Try again in a moment.',
  queue_full: 'The service is busy. Try again in a moment.',
  overloaded: 'The service is busy. Try again in a moment.',
  enqueue_unknown: 'The answer was lost. Try again: the run will not be made twice.',
  storage_unavailable: 'The service cannot store pictures right now. Try again in a moment.',
  draining: 'The service is restarting. Try again in a moment.',
  empty_mask: 'The mask is empty: paint over the part that should change.',
  mask_required: 'Paint over the part that should change first.',
  expired: 'This run has expired, and its pictures are gone.',
  deleted: 'This run was deleted.',
  engine_crashed: 'The model crashed on this run. Try again.',
  timed_out: 'The run took longer than the service allows. Try fewer steps or a smaller size.',
  out_of_memory: 'The run needs more memory than the service has. Try a smaller size or fewer pictures.',
  bad_output: 'The model made no usable picture. Try weaker weights in the prompt, a lower CFG or another seed.',
  input_lost: 'The input is no longer there. Run it again.',
}

/** A sentence for people about anything that a request can end with. */
export function plainWords(error: unknown): string {
  if (!(error instanceof ApiError))
    return 'The service cannot be reached. Check that it is running and that you are online.'
  const { problem, status } = error
  if (problem === null) return `The service answered with an error (HTTP ${status}).`
  if (problem.code in advice) return advice[problem.code] ?? ''
  if (problem.errors && problem.errors.length > 0)
    return problem.errors.length === 1 ? 'One setting needs another value.' : 'Some settings need other values.'
  return sentence(problem.detail ?? problem.title)
}

/**
 * As {@link plainWords}, for the `error` of a job. What such a mask lacks, and how large it must be, only the job's own
 * words tell.
 */
export function jobErrorWords(error: { code: ErrorCode; message: string }): string {
  const own = error.code === 'empty_mask' ? undefined : advice[error.code]
  return own ?? sentence(error.message)
}

/**
 * The api's message for each field that it found wrong: `/steps` → `steps`. A pointer to no field is under the empty
 * name.
 */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {}
  return Object.fromEntries(
    (error.problem?.errors ?? []).map(({ pointer, detail }) => [pointer.split('/')[1] ?? '', sentence(detail)]),
  )
}

/**
 * What to show of a refusal: the api's own message at each field that `hasControl`, and under the empty name one text
 * for all that has no place of its own, such as the picture and the mask.
 */
export function refusalMessages(error: unknown, hasControl: (field: string) => boolean): Record<string, string> {
  const wrong = Object.entries(fieldErrors(error))
  const shown = wrong.filter(([field]) => hasControl(field))
  const rest = wrong.filter(([field]) => !hasControl(field))
  if (shown.length > 0 && rest.length === 0) return Object.fromEntries(shown)
  const code = error instanceof ApiError ? error.problem?.code : undefined
  const hasWords = rest.length > 0 && (code === undefined || advice[code] === undefined)
  const text = hasWords
    ? rest.map(([field, said]) => (field ? `${field}: ${said}` : said)).join(' ')
    : plainWords(error)
  return { ...Object.fromEntries(shown), '': text }
}

function sentence(text: string): string {
  // A field keeps its name.
  const start = /^\w+_/.test(text) ? text : text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?…]$/.test(start) ? start : `${start}.`
}
