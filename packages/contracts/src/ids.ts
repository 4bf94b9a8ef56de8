import { z } from 'zod'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

export const jobIdPattern: RegExp = /^job_[a-z2-7]{26}$/

/** `job_` + 26 lower-case base32 characters (130 bits). */
export const jobId = z
  .string()
  .regex(jobIdPattern, 'not a job id')
  .meta({ examples: ['job_h5b2tqf6kzj3w4yx7acndlme2o'] })

/** A new random job id. */
export function newJobId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(26))
  return `job_${Array.from(bytes, (byte) => alphabet[byte % 32]).join('')}`
}

/** `<job>/<n>`, or `<job>` for image 0, as the field `image_job` takes it. */
export const imageJobPattern: RegExp = /^(job_[a-z2-7]{26})(?:\/([0-7]))?$/
