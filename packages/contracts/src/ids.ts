import { z } from 'zod'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

export const jobIdPattern: RegExp = /^job_[a-z2-7]{26}$/

/** `job_` + 26 lower-case base32 characters (130 bits). */
export const jobId = z
  .string()
  .regex(jobIdPattern, 'not a job id')
  .meta({ examples: ['job_h5b2tqf6kzj3w4yx7acndlme2o'] })

/** Drawn for many ids at once, since to ask the system takes longer than all else that an id needs. */
const drawn = new Uint8Array(26 * 64)
let used = drawn.length

/** A new random job id. */
export function newJobId(): string {
  if (used === drawn.length) {
    crypto.getRandomValues(drawn)
    used = 0
  }
  let id = 'job_'
  for (const end = used + 26; used < end; used++) id += alphabet[(drawn[used] ?? 0) % 32]
  return id
}

/** `<job>/<n>`, or `<job>` for image 0, as the field `image_job` takes it. */
export const imageJobPattern: RegExp = /^(job_[a-z2-7]{26})(?:\/([0-7]))?$/
