/** Start-time fair queueing, as plainly as it can be written: the reference that the scripts are held against. */
export interface ReferenceJob {
  id: string
  tenant: string
  cost: number
  weight: number
  tag: number
}

export class FairReference {
  virtualTime = 0
  readonly finishTags = new Map<string, number>()
  readonly waiting = new Map<string, ReferenceJob>()

  submit(id: string, tenant: string, cost: number, weight: number): ReferenceJob {
    const tag = Math.max(this.virtualTime, this.finishTags.get(tenant) ?? 0)
    this.finishTags.set(tenant, tag + cost / weight)
    const job = { id, tenant, cost, weight, tag }
    this.waiting.set(id, job)
    return job
  }

  start(id: string): void {
    const job = this.waiting.get(id)
    if (job === undefined) throw new Error(`${id} does not wait`)
    this.waiting.delete(id)
    this.virtualTime = Math.max(this.virtualTime, job.tag)
  }

  /** A job that never ran is not charged. */
  cancel(id: string): void {
    const job = this.waiting.get(id)
    if (job === undefined) throw new Error(`${id} does not wait`)
    this.waiting.delete(id)
    const finish = this.finishTags.get(job.tenant) ?? 0
    if (finish > this.virtualTime) this.finishTags.set(job.tenant, finish - job.cost / job.weight)
  }
}
