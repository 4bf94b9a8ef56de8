import { rename, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { busy, type Fault } from './faults.ts'

/** What a cluster with a replica is put to besides. */
export const graveFaults: Record<string, Fault> = {
  failover: async (cluster) => {
    const hit = await busy(cluster)
    return (await cluster.redis.failover()) ? hit : null
  },
  'storage away': async ({ storageDir }, stopMs) => {
    await rename(storageDir, `${storageDir}-away`)
    await writeFile(storageDir, 'a file where the folder was')
    await sleep(stopMs)
    await rm(storageDir)
    await rename(`${storageDir}-away`, storageDir)
    return []
  },
  'set clocks': async ({ clocks }) => {
    // As NTP or an operator may do.
    clocks.set(Math.round(120 * Math.random() - 60))
    await sleep(2000)
    return []
  },
  "set Redis' clock": async (cluster) => {
    if (!cluster.clocks.canStepRedis) return null
    const hit = await busy(cluster)
    // Backwards, whatever waits for a time waits as much longer: as far as NTP would step.
    cluster.clocks.stepRedis(Math.random() < 0.5 ? -Math.ceil(5 * Math.random()) : Math.ceil(60 * Math.random()))
    await sleep(2000)
    return hit
  },
}
