import { isDiffusersSampler, samplerFacts, samplerNames, scheduleNames } from '@pentimento/vocabulary'
import { describe, expect, test } from 'vitest'
import { PipelineError } from '../errors.ts'
import { families } from '../folder/families.ts'
import { lcmScaled } from '../samplers/lcm.ts'
import { samplers } from '../samplers/samplers.ts'
import { a1111Sigmas } from './a1111-schedule.ts'
import { diffusersSchedule } from './diffusers-schedule.ts'
import { diffusersTable } from './diffusers-table.ts'
import { makeRun, type RunRequest } from './make-run.ts'
import { noiseTable, sigmaToTimestep, stableDiffusionNoise, timestepToSigma } from './noise-table.ts'
import { defaultSchedulerConfig } from './scheduler-config.ts'

const table = noiseTable()
const request: Omit<RunRequest, 'stepsRun'> = {
  kind: 'img2img',
  semantics: 'a1111',
  sampler: 'dpmpp_2m',
  schedule: 'automatic',
  steps: 25,
  config: defaultSchedulerConfig,
  family: families.sd1.schedules,
}

const wholeRun = (whole: Omit<RunRequest, 'stepsRun'>) => makeRun({ ...whole, stepsRun: whole.steps })

describe('a1111 schedules', () => {
  test.each(scheduleNames)(
    '%s falls, with one sigma more than steps, whatever the sampler and the steps',
    (schedule) => {
      for (const sampler of samplerNames) {
        for (const steps of [1, 2, 3, 7, 25, 30, 49, 50, 51, 150]) {
          if (schedule === 'model' && sampler === 'lcm' && steps > 50) continue
          const { sigmas, timestep } = wholeRun({ ...request, sampler, schedule, steps })
          expect(sigmas).toHaveLength(steps + 1)
          sigmas.slice(1).forEach((sigma, i) => {
            expect(sigma, `${sampler}, ${steps} steps, sigma ${i + 1}`).toBeLessThan(sigmas[i])
          })
          expect(sigmas[steps]).toBeGreaterThanOrEqual(0)
          for (const sigma of sigmas.subarray(0, steps)) {
            expect(timestep(sigma, 0)).toBeGreaterThanOrEqual(0)
            expect(timestep(sigma, 0)).toBeLessThanOrEqual(999)
          }
        }
      }
    },
  )

  test('a very long schedule, as exact steps at a low strength ask for, still falls', () => {
    for (const schedule of scheduleNames) {
      if (schedule === 'model') continue
      const { sigmas } = wholeRun({ ...request, schedule, steps: 20_000 })
      expect(
        sigmas.slice(1).every((sigma, i) => sigma < sigmas[i]),
        schedule,
      ).toBe(true)
    }
    expect(() => wholeRun({ ...request, steps: 20_001 })).toThrow('needs a higher strength')
  })

  test("automatic is AUTOMATIC1111's pairing, the 25 steps of DPM++ 2M on Karras's curve", () => {
    const { sigmas } = wholeRun(request)
    const expected = [
      14.6146, 12.283, 10.2778, 8.56, 7.0944, 5.8494, 4.7965, 3.9105, 3.1686, 2.5508, 2.0392, 1.6183, 1.2741,
    ]
    expected.forEach((sigma, i) => {
      expect(sigmas[i]).toBeCloseTo(sigma, 3)
    })
    expect(sigmas[24]).toBeCloseTo(0.0292, 4)
    expect(sigmas[25]).toBe(0)
  })

  test('discarding the penultimate sigma takes the last above 0 from a longer list', () => {
    const longer = a1111Sigmas('karras', 'euler', 11, { table, alignYourSteps: [] })
    const sigmas = a1111Sigmas('karras', 'dpm2', 10, { table, alignYourSteps: [] })
    expect(samplers.dpm2.discardPenultimate).toBe(true)
    expect([...sigmas]).toEqual([...longer.subarray(0, 10), 0])
  })

  test('timesteps stay fractional, save for models distilled to fifty', () => {
    const { sigmas, timestep } = wholeRun(request)
    expect(timestep(sigmas[1], 1)).toBeCloseTo(969.761, 3)
    const distilled = wholeRun({ ...request, sampler: 'lcm', steps: 4 })
    expect([...distilled.sigmas.subarray(0, 4)].map(distilled.timestep)).toEqual([999, 679, 339, 19])
  })
})

describe('diffusers schedules', () => {
  test.each(['ddim', 'pndm', 'lcm'] as const)('%s yields each of its steps once, in order', async (sampler) => {
    for (const stepsRun of [1, 2, 10]) {
      const run = makeRun({ ...request, semantics: 'diffusers', sampler, steps: 10, stepsRun })
      const x = new Float32Array(4).fill(1)
      const seen: [number, number][] = []
      const steps = run.sample(
        async (latents, _, out) => out.set(latents),
        x,
        run.sigmas,
        (out) => void out.fill(0),
      )
      for await (const { step, steps: of } of steps) seen.push([step, of])
      expect(seen).toEqual(Array.from({ length: run.steps }, (_, i) => [i + 1, run.steps]))
    }
  })

  test('pure noise has the spread that the class starts from', () => {
    const start = (sampler: RunRequest['sampler'], timestepSpacing: 'linspace' | 'leading') => {
      const config = { ...defaultSchedulerConfig, timestepSpacing }
      const { pureNoise, sigmas } = wholeRun({ ...request, semantics: 'diffusers', sampler, config })
      return [pureNoise, Math.hypot(sigmas[0], 1), sigmas[0]]
    }
    for (const [sampler, spacing] of [
      ['ddim', 'leading'],
      ['pndm', 'leading'],
      ['euler', 'leading'],
      ['dpmpp_2m', 'linspace'],
    ] as const) {
      const [noise, scaled] = start(sampler, spacing)
      expect(noise, sampler).toBeCloseTo(scaled, 5)
    }
    const [noise, , first] = start('euler', 'linspace')
    expect(noise).toBeCloseTo(first, 5)
  })

  test('limits of a curve are heeded where the class heeds them, and a curve where it has one', () => {
    const ends = (sampler: RunRequest['sampler'], curve: 'karras' | 'exponential') => {
      const config = { ...defaultSchedulerConfig, curve, sigmaMin: 0.1, sigmaMax: 10 }
      const { sigmas } = wholeRun({ ...request, semantics: 'diffusers', sampler, schedule: 'model', config })
      return [sigmas[0], sigmas[24]].map((sigma) => Number(sigma.toFixed(2)))
    }
    expect(ends('euler', 'karras')).toEqual([10, 0.1])
    expect(ends('lms', 'karras')).not.toEqual([10, 0.1])
    expect(ends('lms', 'exponential')).toEqual([10, 0.1])
    const plain = wholeRun({ ...request, semantics: 'diffusers', sampler: 'ddim', schedule: 'model' })
    expect(ends('ddim', 'karras')).toEqual([plain.sigmas[0], plain.sigmas[24]].map((sigma) => Number(sigma.toFixed(2))))
  })

  test('as many steps as the table has levels are refused', () => {
    expect(() => diffusersSchedule('model', 'euler', 1000, defaultSchedulerConfig)).toThrow('fewer than 1000 steps')
    expect(diffusersSchedule('model', 'euler', 999, defaultSchedulerConfig).sigmas).toHaveLength(1000)
  })

  test('the nearer to the data, the less an LCM counts, and the more the latents that it is asked of', async () => {
    for (const [time, skip, keep] of [
      [0, 1, 0],
      [0.5, 0.5, Math.SQRT1_2],
    ] as const) {
      const x = Float32Array.of(3)
      const sample = lcmScaled(() => time, null)
      for await (const _ of sample(
        async (_x, _sigma, out) => void out.fill(5),
        x,
        Float64Array.of(2, 0),
        () => {},
      ));
      expect(x[0]).toBeCloseTo((skip * 3) / Math.sqrt(5) + keep * 5, 5)
    }
  })

  test("SD 1.5's configuration: leading for PNDM and DDIM, linspace for DPM++", () => {
    const pndm = wholeRun({ ...request, semantics: 'diffusers', sampler: 'pndm', steps: 4 })
    expect([...pndm.sigmas.subarray(0, 5)].map(pndm.timestep)).toEqual([751, 501, 501, 251, 1])
    expect(pndm.steps).toBe(4)
    expect(pndm.sigmas[5]).toBeCloseTo(table.sigmaMin, 6)
    expect(pndm.resultScale).toBeCloseTo(
      1 / Math.sqrt(1 + diffusersTable(defaultSchedulerConfig.noise, false).sigmaMin ** 2),
      8,
    )
    const dpm = wholeRun({ ...request, semantics: 'diffusers', steps: 25 })
    expect([...dpm.sigmas.subarray(0, 3)].map(dpm.timestep)).toEqual([999, 959, 919])
    expect(dpm.sigmas[24]).toBeCloseTo(0.199, 3)
  })

  test("timesteps half-way between whole ones round as numpy's linspace and arange leave them", () => {
    const told = (sampler: RunRequest['sampler'], schedule: RunRequest['schedule'], steps: number) => {
      const made = wholeRun({ ...request, semantics: 'diffusers', sampler, schedule, steps })
      return [...made.sigmas.subarray(0, steps)].map(made.timestep)
    }
    expect(told('dpmpp_2m', 'automatic', 30)).toContain(499)
    expect(told('ddim', 'uniform', 27)).toContain(499)
    expect(told('euler', 'sgm_uniform', 48)).toEqual(expect.arrayContaining([936, 686, 436, 186]))
    expect(told('euler', 'sgm_uniform', 96)).toEqual(expect.arrayContaining([812, 562, 312, 62]))
    expect(told('euler', 'uniform', 1)).toEqual([0])
  })

  test("a part of PNDM's list begins where diffusers cuts it, the second timestep twice in it", () => {
    const told = (stepsRun: number) => {
      const run = makeRun({ ...request, semantics: 'diffusers', sampler: 'pndm', steps: 4, stepsRun })
      return [...run.sigmas.subarray(0, -1)].map(run.timestep)
    }
    expect([4, 3, 2, 1].map(told)).toEqual([
      [751, 501, 501, 251, 1],
      [501, 501, 251, 1],
      [501, 251, 1],
      [251, 1],
    ])
  })

  test('trailing spacing lays out one timestep too many at some lengths, as numpy does; a1111 has as many as asked for', () => {
    const trailing = { ...defaultSchedulerConfig, timestepSpacing: 'trailing' } as const
    const whole = { ...request, config: trailing, schedule: 'model', steps: 61 } as const
    const { steps, timestep } = wholeRun({ ...whole, semantics: 'diffusers' })
    expect([steps, timestep(0, 60), timestep(0, 61)]).toEqual([62, 15, -1])
    expect(makeRun({ ...whole, semantics: 'diffusers', stepsRun: 30 }).steps).toBe(31)
    const own = wholeRun(whole)
    expect([own.steps, own.sigmas.length, own.sigmas[61]]).toEqual([61, 62, 0])
    expect(own.timestep(own.sigmas[60], 60)).toBe(15)
  })

  // Told by DPMSolverMultistepScheduler of diffusers 0.42.1; a table in double precision gives one less at each of
  // them.
  test.each([
    [18, 7, 576],
    [35, 14, 576],
    [43, 23, 342],
    [52, 21, 576],
    [69, 28, 576],
    [73, 43, 254],
    [85, 46, 342],
    [86, 35, 576],
  ])('of %i steps on a Karras curve, step %i is told %i, beside a half in a float32 table', (steps, step, timestep) => {
    const config = { ...defaultSchedulerConfig, curve: 'karras' } as const
    const run = wholeRun({ ...request, config, semantics: 'diffusers', schedule: 'model', steps })
    expect(run.timestep(run.sigmas[step], step)).toBe(timestep)
  })

  test("what diffusers' pipelines for Stable Diffusion 1 and 2 correct in a configuration, and those for XL do not", () => {
    const config = {
      ...defaultSchedulerConfig,
      stepsOffset: 0,
      solver: { ...defaultSchedulerConfig.solver, rungeKutta: true },
    }
    const last = (change: Partial<RunRequest>) => {
      const run = wholeRun({ ...request, semantics: 'diffusers', sampler: 'ddim', steps: 4, config, ...change })
      return run.timestep(0, 3)
    }
    expect([last({}), last({ kind: 'inpaint' }), last({ family: families.sdxl.schedules })]).toEqual([1, 1, 0])
    expect(wholeRun({ ...request, semantics: 'diffusers', sampler: 'pndm', config }).steps).toBe(25)
    expect(() =>
      wholeRun({ ...request, semantics: 'diffusers', sampler: 'pndm', config, family: families.sdxl.schedules }),
    ).toThrow('skip_prk_steps: false')
  })

  test('predictions are clipped as a configuration says, by Stable Diffusion 1 and 2 where something is inpainted', async () => {
    const config = { ...defaultSchedulerConfig, clipRange: 1 }
    const end = async (change: Partial<RunRequest>) => {
      const run = wholeRun({ ...request, semantics: 'diffusers', sampler: 'ddim', steps: 4, config, ...change })
      const x = new Float32Array(1)
      const steps = run.sample(
        async (_x, _sigma, out) => void out.fill(3),
        x,
        run.sigmas,
        (out) => void out.fill(0),
      )
      for await (const _ of steps);
      return x[0]
    }
    expect(await end({})).toBeCloseTo(3, 1)
    expect(await end({ kind: 'inpaint' })).toBeCloseTo(1, 1)
    expect(await end({ family: families.sdxl.schedules })).toBeCloseTo(1, 1)
  })

  test('a configuration that asks for another solver than the sampler is refused with the option', () => {
    const { solver } = defaultSchedulerConfig
    const make = (sampler: RunRequest['sampler'], change: Partial<typeof solver>) => () =>
      wholeRun({
        ...request,
        semantics: 'diffusers',
        sampler,
        config: { ...defaultSchedulerConfig, solver: { ...solver, ...change } },
      })
    expect(make('dpmpp_2m', { order: 3 })).toThrow(
      "The model's scheduler_config.json asks for solver_order: 3, which is another sampler than dpmpp_2m. Choose another sampler, or semantics a1111.",
    )
    expect(make('dpmpp_2m_sde', { type: 'heun' })).toThrow('solver_type: "heun"')
    expect(make('unipc', { type: 'bh1' })).toThrow('solver_type: "bh1"')
    expect(make('unipc', { lowerOrderFinal: false })).toThrow('lower_order_final: false')
    expect(make('unipc', { predictsNoise: true })).toThrow('predict_x0: false')
    expect(make('unipc', { skipsCorrector: true })).toThrow('disable_corrector')
    expect(make('dpmpp_2m', { type: 'bh2', lowerOrderFinal: false, predictsNoise: true })).not.toThrow()
    expect(make('euler', { order: 3, type: 'heun' })).not.toThrow()
  })

  test('what diffusers lacks is refused, with what to do instead', () => {
    const refused = [
      { sampler: 'dpmpp_2s_a', schedule: 'automatic' },
      { sampler: 'dpmpp_3m_sde', schedule: 'automatic' },
      { sampler: 'euler_a', schedule: 'karras' },
      { sampler: 'ddim', schedule: 'beta' },
      { sampler: 'euler', schedule: 'polyexponential' },
      { sampler: 'euler', schedule: 'kl_optimal' },
      { sampler: 'euler', schedule: 'align_your_steps' },
    ] as const
    for (const choice of refused) {
      const make = () => wholeRun({ ...request, semantics: 'diffusers', ...choice })
      expect(make, JSON.stringify(choice)).toThrow(PipelineError)
      expect(make).toThrow(/^(sampler|schedule): semantics diffusers has no (scheduler for|schedule) \w+( for \w+)?\.$/)
    }
    expect(() => wholeRun({ ...request, semantics: 'diffusers', sampler: 'lcm', steps: 51 })).toThrow(
      'at most 50 steps',
    )
  })

  test('every class falls, or at the end stays, at every length with every schedule it has', () => {
    for (const sampler of samplerNames) {
      if (!isDiffusersSampler(sampler)) continue
      const { diffusers } = samplerFacts(sampler)
      for (const schedule of ['model', 'karras', 'exponential', 'beta', 'normal', 'simple', 'ddim'] as const) {
        if (!diffusers?.curves && ['karras', 'exponential', 'beta'].includes(schedule)) continue
        for (const steps of sampler === 'lcm' ? [1, 4, 50] : [1, 2, 7, 25, 30, 99, 150]) {
          const { sigmas } = wholeRun({ ...request, semantics: 'diffusers', sampler, schedule, steps })
          expect(sigmas).toHaveLength(steps + (sampler === 'pndm' && steps > 1 ? 2 : 1))
          expect(
            sigmas.slice(1).every((sigma, i) => sigma <= sigmas[i]),
            `${sampler} ${schedule} ${steps}`,
          ).toBe(true)
        }
      }
    }
  })

  test('latents that start from noise alone have the spread that the class gives them', () => {
    const pure = (sampler: RunRequest['sampler'], schedule: RunRequest['schedule']) => {
      const made = wholeRun({ ...request, semantics: 'diffusers', sampler, schedule })
      return made.pureNoise / made.sigmas[0]
    }
    expect(pure('euler', 'model')).toBe(1)
    expect(pure('euler', 'ddim')).toBeCloseTo(Math.sqrt(1 + 1 / 12.07 ** 2), 3)
    expect(pure('dpmpp_2m', 'model')).toBeCloseTo(Math.sqrt(1 + 1 / table.sigmaMax ** 2), 6)
  })
})

describe('noise table', () => {
  test('spans what Stable Diffusion was trained on', () => {
    expect(table.sigmaMin).toBeCloseTo(0.029167, 6)
    expect(table.sigmaMax).toBeCloseTo(14.6146, 4)
  })

  test('timesteps and sigmas turn into each other', () => {
    for (let t = 0; t <= 999; t += 12.5) expect(sigmaToTimestep(table, timestepToSigma(table, t))).toBeCloseTo(t, 8)
    expect(sigmaToTimestep(table, 0)).toBe(0)
    expect(sigmaToTimestep(table, 1e6)).toBe(999)
  })

  test('zero terminal SNR makes the last timestep pure noise and keeps the first', () => {
    const shifted = noiseTable({ ...stableDiffusionNoise, zeroTerminalSnr: true })
    expect(shifted.sigmaMax).toBeCloseTo(4096, 0)
    expect(shifted.sigmaMin).toBeCloseTo(table.sigmaMin, 9)
    expect(shifted.sigmas.slice(1).every((sigma, i) => sigma > shifted.sigmas[i])).toBe(true)
  })

  test('other ways to spread the noise', () => {
    const linear = noiseTable({ betaStart: 0.0001, betaEnd: 0.02, betaSchedule: 'linear', trainTimesteps: 1000 })
    expect(linear.sigmaMax).toBeCloseTo(157.4, 1)
    const cosine = noiseTable({ ...stableDiffusionNoise, betaSchedule: 'squaredcos_cap_v2' })
    expect(cosine.sigmas.slice(1).every((sigma, i) => sigma > cosine.sigmas[i])).toBe(true)
    const given = noiseTable({ ...stableDiffusionNoise, trainedBetas: [0.1, 0.2] })
    expect(given.sigmaMax).toBeCloseTo(Math.sqrt((1 - 0.72) / 0.72), 12)
  })
})
