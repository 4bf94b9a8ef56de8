import type { SamplerName } from '@pentimento/vocabulary'
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

/** What a caller must know of a sampler besides what everybody does (`samplerTable` of the vocabulary). */
interface SamplerSpec {
  sample: Sampler
  /** The schedule is made one longer and its last sigma above 0 removed, as AUTOMATIC1111 does for this sampler. */
  discardPenultimate?: true
  /**
   * AUTOMATIC1111 runs it over timesteps, on latents of constant variance: what is noise alone there has variance σ² +
   * 1 here.
   */
  constantVariance?: true
}

/** Every sampler by its name. `ddim` is `euler` on its own grid of timesteps: with η = 0 they are the same step. */
export const samplers: Record<SamplerName, SamplerSpec> = {
  euler: { sample: euler },
  euler_a: { sample: eulerAncestral },
  heun: { sample: heun },
  dpm2: { sample: dpm2, discardPenultimate: true },
  dpm2_a: { sample: dpm2Ancestral, discardPenultimate: true },
  lms: { sample: lms },
  ddim: { sample: euler, constantVariance: true },
  unipc: { sample: unipc, constantVariance: true },
  pndm: { sample: pndm, constantVariance: true },
  lcm: { sample: lcm },
  dpmpp_2m: { sample: dpmpp2m },
  dpmpp_2m_sde: { sample: dpmpp2mSde },
  dpmpp_2s_a: { sample: dpmpp2sAncestral },
  dpmpp_sde: { sample: dpmppSde },
  dpmpp_3m_sde: { sample: dpmpp3mSde, discardPenultimate: true },
}
