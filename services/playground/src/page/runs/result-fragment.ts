import type { JobSource } from '@pentimento/contracts'

/** What an address ends in that names a result: `#job_…`, or `#job_…/1` for another than the first. */
export function linkedResult(fragment: string): JobSource | null {
  const [, job, index = '0'] = /^#(job_[a-z2-7]{26})(?:\/(\d))?$/.exec(fragment) ?? []
  return job === undefined ? null : { job, index: Number(index) }
}

export function fragmentOf({ job, index }: JobSource): string {
  return index === 0 ? `#${job}` : `#${job}/${index}`
}
