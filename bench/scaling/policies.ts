import { slots } from './measured.ts'

/** What an autoscaler sees. */
export interface Seen {
  waiting: number
  running: number
  backlogSeconds: number
}

/** How many workers there should be; null where that does not depend on what is seen. */
export interface Policy {
  name: string
  least: number
  most: number
  /** One figure and its target for each trigger: the largest answer counts. */
  triggers: readonly { read: (seen: Seen) => number; target: number }[]
}

const most = 40

export function fixed(workers: number): Policy {
  return { name: `always ${workers}`, least: workers, most: workers, triggers: [] }
}

export function byLength(jobs: number, least = 1): Policy {
  const triggers = [{ read: ({ waiting, running }: Seen) => waiting + running, target: jobs }]
  return { name: `${jobs} jobs a worker`, least, most, triggers }
}

export function bySeconds(seconds: number, least = 1): Policy {
  const triggers = [{ read: ({ backlogSeconds }: Seen) => backlogSeconds, target: seconds }]
  return { name: `${seconds} s of backlog a worker`, least, most, triggers }
}

/** @param share part of its slots that a worker may have in use before another one comes */
export function bySecondsAndSlots(seconds: number, share: number, least = 1): Policy {
  const { triggers } = bySeconds(seconds, least)
  const inSlots = { read: ({ running }: Seen) => running, target: share * slots }
  const name = `${seconds} s of backlog, or ${share * 100} % of the slots`
  return { name, least, most, triggers: [...triggers, inSlots] }
}
