import { jobClasses, redisPerJob, roundSeconds, slots } from './measured.ts'

/** What a Redis has to carry for so many GPUs that always paint. */
export interface RedisLoad {
  gpus: number
  jobsPerSecond: number
  /** Cores; a Redis has one for commands. */
  cores: number
  commandsPerSecond: number
  keys: number
  /** Bytes. */
  memory: number
}

const daySeconds = 86_400

/** Jobs a second that one GPU paints, where its slots are full of jobs in these shares. */
export function jobsPerGpuSecond(mix: readonly number[]): number {
  const counts = mix.map((share) => share * slots)
  const steps = jobClasses.reduce((sum, one, i) => sum + one.steps * (mix[i] ?? 0), 0)
  return slots / (steps * roundSeconds(counts))
}

/** @param keptSeconds how long a job is kept after its end (`expires_in`) */
export function redisLoad(gpus: number, mix: readonly number[], keptSeconds = daySeconds): RedisLoad {
  const { cpuMs, commands, keys, tombstoneKeys, memory, tombstoneMemory } = redisPerJob
  const jobsPerSecond = gpus * jobsPerGpuSecond(mix)
  const tombstoneSeconds = 7 * daySeconds
  return {
    gpus,
    jobsPerSecond,
    cores: (jobsPerSecond * cpuMs) / 1000,
    commandsPerSecond: jobsPerSecond * commands,
    keys: jobsPerSecond * (keys * keptSeconds + tombstoneKeys * tombstoneSeconds),
    memory: jobsPerSecond * (memory * keptSeconds + tombstoneMemory * tombstoneSeconds),
  }
}
