import type { SamplerName, ScheduleName } from '@pentimento/vocabulary'
import { dpm2, dpm2Ancestral } from './dpm2.ts'
import { dpmpp2m } from './dpmpp-2m.ts'
import { dpmpp2mSde } from './dpmpp-2m-sde.ts'
import { dpmpp2sAncestral } from './dpmpp-2s-ancestral.ts'
import { dpmpp3mSde } from './dpmpp-3m-sde.ts'
import { dpmppSde } from './dpmpp-sde.ts'
import { euler } from './euler.ts'
import { eulerAncestral } from './euler-ancestral.ts'
import { heun } from './heun.ts'
import { lcm } from './lcm.ts'
import { lms } from './lms.ts'
import { pndm } from './pndm.ts'
import type { Sampler } from './sampler.ts'
import { unipc } from './unipc.ts'

/** What a caller must know of a sampler besides its function. */
export interface SamplerSpec {
  sample: Sampler
  /** The schedule that AUTOMATIC1111 pairs with this sampler under "Automatic". */
  defaultSchedule: Exclude<ScheduleName, 'automatic' | 'model'>
  /** Model calls in a step. A step that ends at σ = 0 takes one; `pndm` takes one more in its first. */
  callsPerStep: 1 | 2
  /** Whether steps draw noise beyond the first. */
  usesNoise: boolean
  /** The schedule is made one longer and its last sigma above 0 removed, as AUTOMATIC1111 does for this sampler. */
  discardPenultimate: boolean
  /** How many of the training timesteps the model was distilled to know, evenly spaced; null: all of them. */
  knownTimesteps: number | null
}

/** Every sampler by its name. `ddim` is `euler` on its own grid of timesteps: with η = 0 they are the same step. */
export const samplers: Record<SamplerName, SamplerSpec> = {
  euler: spec(euler, 'uniform'),
  euler_a: spec(eulerAncestral, 'uniform', { usesNoise: true }),
  heun: spec(heun, 'uniform', { callsPerStep: 2 }),
  dpm2: spec(dpm2, 'karras', { callsPerStep: 2, discardPenultimate: true }),
  dpm2_a: spec(dpm2Ancestral, 'karras', { callsPerStep: 2, discardPenultimate: true, usesNoise: true }),
  lms: spec(lms, 'uniform'),
  ddim: spec(euler, 'ddim'),
  unipc: spec(unipc, 'ddim'),
  pndm: spec(pndm, 'ddim'),
  lcm: spec(lcm, 'uniform', { usesNoise: true, knownTimesteps: 50 }),
  dpmpp_2m: spec(dpmpp2m, 'karras'),
  dpmpp_2m_sde: spec(dpmpp2mSde, 'exponential', { usesNoise: true }),
  dpmpp_2s_a: spec(dpmpp2sAncestral, 'karras', { callsPerStep: 2, usesNoise: true }),
  dpmpp_sde: spec(dpmppSde, 'karras', { callsPerStep: 2, usesNoise: true }),
  dpmpp_3m_sde: spec(dpmpp3mSde, 'exponential', { usesNoise: true, discardPenultimate: true }),
}

function spec(
  sample: Sampler,
  defaultSchedule: SamplerSpec['defaultSchedule'],
  traits: Partial<Omit<SamplerSpec, 'sample' | 'defaultSchedule'>> = {},
): SamplerSpec {
  return {
    sample,
    defaultSchedule,
    callsPerStep: 1,
    usesNoise: false,
    discardPenultimate: false,
    knownTimesteps: null,
    ...traits,
  }
}
