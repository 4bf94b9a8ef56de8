import { readFileSync } from 'node:fs'
import { type SamplerName, samplerFacts, samplerNames, scheduleNames } from '@pentimento/vocabulary'
import { describe, expect, test } from 'vitest'
import { analyticDenoiser } from '../parity/analytic.ts'
import { batchRandn } from '../rng/generator.ts'
import { torchCpuRandn } from '../rng/torch-cpu.ts'
import { karrasSigmas } from '../schedules/sigma-curves.ts'
import type { Denoiser, Noise } from './sampler.ts'
import { samplers } from './samplers.ts'

const denoise = analyticDenoiser(0.3)
const sigmas = Float64Array.of(...karrasSigmas(8, 0.03, 14.6), 0)
const size = 32

function startingNoise(seed: number, count = size): Float32Array {
  const x = new Float32Array(count)
  torchCpuRandn(seed)(x)
  return x.map((value) => value * sigmas[0])
}

async function run(sampler: SamplerName, x: Float32Array, list: Float64Array, noise: Noise, model = denoise) {
  const steps = []
  for await (const { step, steps: of, sigma } of samplers[sampler].sample(model, x, list, noise))
    steps.push([step, of, sigma])
  return steps
}

/** Counts calls; the latents it is shown must not be those it writes to. */
function counting(): { model: Denoiser; calls: number[] } {
  const calls: number[] = []
  const model: Denoiser = (x, sigma, out) => {
    if (x.buffer === out.buffer) throw new Error('the denoiser may not read what it writes')
    calls.push(sigma)
    return denoise(x, sigma, out)
  }
  return { model, calls }
}

const page = readFileSync(new URL('../../../../docs/samplers.md', import.meta.url), 'utf8').split('\n')
const lineOf = (name: string) => page.find((candidate) => candidate.startsWith(`| \`${name}\` |`))

/** What docs/samplers.md promises of a sampler: `1`, or `2, noisy ³`, the last column but one. */
function promised(sampler: SamplerName): { callsPerStep: number; more: number; drawsPerStep: number } {
  const cost = lineOf(sampler)?.split(' | ')[3] ?? ''
  const [, calls, noisy, note] = /^([12])(, noisy)?(?: ([²³]))?$/.exec(cost) ?? []
  return {
    callsPerStep: Number(calls),
    more: note === '²' ? 1 : 0,
    drawsPerStep: noisy === undefined ? 0 : note === '³' ? 2 : 1,
  }
}

describe.each(samplerNames)('%s', (sampler) => {
  test('yields each step once, in order, with the sigma it began at', async () => {
    const steps = await run(sampler, startingNoise(1), sigmas, torchCpuRandn(2))
    expect(steps).toEqual(Array.from({ length: 8 }, (_, i) => [i + 1, 8, sigmas[i]]))
  })

  test('ends near the data, in place', async () => {
    const x = startingNoise(1)
    await run(sampler, x, sigmas, torchCpuRandn(2))
    for (const value of x) expect(Math.abs(Math.abs(value) - 1)).toBeLessThan(1.5)
    // Around -1 and around 1, not between them: the distances from 0 are 1 on average, give or take what eight steps
    // err.
    const average = x.reduce((sum, value) => sum + Math.abs(value), 0) / size
    expect(Math.abs(average - 1)).toBeLessThan(0.3)
    expect([x.some((value) => value > 0.5), x.some((value) => value < -0.5)]).toEqual([true, true])
  })

  test('calls the model as often as docs/samplers.md says, and never at 0', async () => {
    const { model, calls } = counting()
    await run(sampler, startingNoise(1), sigmas, torchCpuRandn(2), model)
    const { callsPerStep, more } = promised(sampler)
    expect(calls).toHaveLength(7 * callsPerStep + 1 + more)
    expect(Math.min(...calls)).toBeGreaterThan(0)
  })

  test('leaves nothing behind when its caller stops', async () => {
    const { model, calls } = counting()
    for await (const { step } of samplers[sampler].sample(model, startingNoise(1), sigmas, torchCpuRandn(2))) {
      if (step === 3) break
    }
    const atStop = calls.length
    await new Promise((resolve) => setImmediate(resolve))
    expect(calls).toHaveLength(atStop)
    const { callsPerStep, more } = promised(sampler)
    expect(atStop).toBe(3 * callsPerStep + more)
  })

  test('draws noise only if docs/samplers.md says so, and none for a step that ends at 0', async () => {
    let draws = 0
    const noise: Noise = (out) => {
      draws++
      out.fill(0)
    }
    await run(sampler, startingNoise(1), sigmas, noise)
    expect(draws).toBe(7 * promised(sampler).drawsPerStep)
  })

  test('runs one step, straight to the estimate', async () => {
    const x = startingNoise(1)
    const estimate = new Float32Array(size)
    await denoise(x, sigmas[0], estimate)
    await run(sampler, x, Float64Array.of(sigmas[0], 0), torchCpuRandn(2))
    x.forEach((value, i) => {
      expect(value).toBeCloseTo(estimate[i], 5)
    })
  })

  test('runs no step without a pair of sigmas', async () => {
    const x = startingNoise(1)
    expect(await run(sampler, x, Float64Array.of(sigmas[0]), torchCpuRandn(2))).toEqual([])
    expect(x).toEqual(startingNoise(1))
  })

  test('gives each image of a batch what it gives that image alone', async () => {
    const seeds = [3, 4, 5]
    const alone = await Promise.all(
      seeds.map(async (seed) => {
        const x = startingNoise(seed)
        await run(sampler, x, sigmas, torchCpuRandn(seed + 100))
        return x
      }),
    )
    const batch = new Float32Array(seeds.length * size)
    seeds.forEach((seed, i) => {
      batch.set(startingNoise(seed), i * size)
    })
    await run(sampler, batch, sigmas, batchRandn(seeds.map((seed) => torchCpuRandn(seed + 100))))
    alone.forEach((x, i) => {
      expect(batch.slice(i * size, (i + 1) * size)).toEqual(x)
    })
  })
})

describe('docs/samplers.md', () => {
  test.each(samplerNames)('knows %s, its names and its default schedule', (sampler) => {
    const { label, automatic, diffusers } = samplerFacts(sampler)
    const cells = lineOf(sampler)?.split(' | ') ?? []
    expect(cells[1]).toBe(label)
    expect(cells[2]).toContain(diffusers?.className ?? 'none')
    expect(cells[4]).toContain(`\`${automatic}\``)
  })

  test.each(scheduleNames)('knows the schedule %s', (schedule) => {
    expect(lineOf(schedule)).toBeDefined()
  })
})
