import type { DiffusersSamplerName } from '@pentimento/vocabulary'
import { clippedSampler } from '../samplers/clipped.ts'
import { ddimTransfers } from '../samplers/ddim.ts'
import { dpmpp2mFirstOrderLast } from '../samplers/dpmpp-2m.ts'
import { dpmpp2mSdeFirstOrderLast } from '../samplers/dpmpp-2m-sde.ts'
import { lcmScaled } from '../samplers/lcm.ts'
import { lmsAfter } from '../samplers/lms.ts'
import { plms } from '../samplers/plms.ts'
import type { Sampler } from '../samplers/sampler.ts'
import { samplers } from '../samplers/samplers.ts'
import type { Transfer } from '../samplers/transfer.ts'
import type { DiffusersSchedule } from './diffusers-schedule.ts'
import { tableTimestep } from './diffusers-table.ts'
import type { Run } from './schedule.ts'

/**
 * The last `stepsRun` of the steps asked for, taken as diffusers' class takes them when its pipelines cut the beginning
 * off its list of timesteps: what a class draws from the whole list, as the order of its steps, stays what it was.
 */
export function diffusersRun(sampler: DiffusersSamplerName, schedule: DiffusersSchedule, stepsRun: number): Run {
  const begin = schedule.steps - stepsRun
  if (sampler === 'ddim') return fixedStrideRun(schedule, schedule.timesteps.slice(begin), 'ddim')
  if (sampler === 'pndm') return fixedStrideRun(schedule, withSecondTwice(schedule.timesteps).slice(begin), 'pndm')
  const sigmas = schedule.sigmas.slice(begin)
  const told = toldTimesteps(schedule, begin)
  return {
    sigmas,
    steps: sigmas.length - 1,
    timestep: (sigma, call) => told[call] ?? schedule.timestep(sigma),
    calls: told.length,
    pureNoise: schedule.pureNoise,
    resultScale: schedule.resultScale,
    sample: steps(sampler, schedule, begin),
  }
}

/** What the model is told, call by call. */
function toldTimesteps({ timesteps, sigmas, layout, table }: DiffusersSchedule, begin: number): number[] {
  const told: number[] = []
  for (let i = begin; i < timesteps.length; i++) {
    told.push(timesteps[i])
    if (layout.second === null || i === timesteps.length - 1) continue
    if (layout.second === 'next') told.push(timesteps[i + 1])
    else if (layout.second === 'next_exact') told.push(tableTimestep(table, sigmas[i + 1]))
    else told.push(tableTimestep(table, Math.sqrt(sigmas[i] * sigmas[i + 1])))
  }
  return told
}

function steps(sampler: DiffusersSamplerName, schedule: DiffusersSchedule, begin: number): Sampler {
  const { config, sigmas, timesteps } = schedule
  const { solver, clipRange } = config
  const isShort = solver.lowerOrderFinal && timesteps.length < 15
  const endsInFirstOrder = solver.eulerAtFinal || isShort
  const plain = samplers[sampler].sample
  switch (sampler) {
    case 'lms':
      return lmsAfter(sigmas.subarray(0, begin))
    case 'dpmpp_2m':
      return endsInFirstOrder ? dpmpp2mFirstOrderLast : plain
    case 'dpmpp_2m_sde':
      return endsInFirstOrder ? dpmpp2mSdeFirstOrderLast : plain
    case 'heun':
      return clipRange === null ? plain : clippedSampler(plain, clipRange)
    case 'lcm':
      return lcmScaled((sigma) => schedule.timestep(sigma) * config.timestepScaling, clipRange)
    default:
      return plain
  }
}

/** PLMS asks twice at its second timestep. */
function withSecondTwice(timesteps: Float64Array): Float64Array {
  return Float64Array.from([...timesteps.subarray(0, 2), ...timesteps.subarray(1)])
}

/**
 * DDIM and PNDM take the level of the timestep that is told for that of the latents, and step down by 1000 / steps
 * timesteps, rounded down, wherever the next of the list lies.
 */
function fixedStrideRun(
  { table, steps: asked, sigmas: levels, config }: DiffusersSchedule,
  timesteps: Float64Array,
  kind: 'ddim' | 'pndm',
): Run {
  const total = table.sigmas.length
  const stride = Math.floor(total / asked)
  const final = levels[levels.length - 1]
  // Python counts a negative index from the table's end.
  const level = (timestep: number): number => table.sigmas.at(Math.min(timestep, total - 1)) ?? table.sigmaMax
  const below = (timestep: number): number => (timestep >= 0 ? level(timestep) : final)
  const transfers: Transfer[] = [...timesteps].map((timestep, i) =>
    kind === 'pndm' && i === 1
      ? { seen: level(timestep), from: level(timestep + stride), to: below(timestep) }
      : { seen: level(timestep), from: level(timestep), to: below(timestep - stride) },
  )
  const last = transfers[transfers.length - 1].to
  return {
    sigmas: Float64Array.from([...transfers.map(({ seen }) => seen), last]),
    steps: kind === 'pndm' ? Math.max(transfers.length - 1, 1) : transfers.length,
    timestep: (_sigma, call) => timesteps[call],
    calls: timesteps.length,
    pureNoise: Math.sqrt(transfers[0].seen ** 2 + 1),
    resultScale: 1 / Math.sqrt(last ** 2 + 1),
    sample: kind === 'ddim' ? ddimTransfers(transfers, config.clipRange) : plms(transfers, config.prediction),
  }
}
