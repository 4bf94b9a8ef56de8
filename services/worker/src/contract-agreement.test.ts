import * as contracts from '@pentimento/contracts'
import * as pipeline from '@pentimento/pipeline'
import fc from 'fast-check'
import { expect, it } from 'vitest'

// Contracts and pipeline each carry these, so that neither imports the other. The worker uses both and holds them together.

it('contracts and pipeline know the same samplers and schedules', () => {
  expect(contracts.samplerNames).toEqual(pipeline.samplerNames)
  expect(contracts.scheduleNames).toEqual(pipeline.scheduleNames)
})

it('contracts and pipeline count the same steps', () => {
  for (const semantics of ['a1111', 'diffusers'] as const) {
    for (const policy of ['proportional', 'exact'] as const) {
      for (let steps = 1; steps <= contracts.limits.stepsMax; steps++) {
        for (let hundredths = 0; hundredths <= 100; hundredths++) {
          const strength = hundredths / 100
          const said = contracts.stepsRun(semantics, policy, steps, strength)
          const run = pipeline.stepsRun(semantics, policy, steps, strength)
          if (said !== run) expect.fail(`${semantics} ${policy} ${steps} steps at ${strength}: ${said} is not ${run}`)
        }
      }
    }
  }
})

const model = {
  family: 'sd1',
  sizes: { min: 64, max: 2048, multiple: 8 },
  maxClipSkip: 12,
} as pipeline.ModelDescription
const facts = { ...model, native_size: 512, defaults: contracts.fallbackDefaults, unsupported: [] }

/** Whether a form is refused when it comes in, and whether the job would be when it runs. */
function refusals(form: Record<string, unknown>): { submitted: boolean; run: boolean } {
  const fields = contracts.inpaintFields.parse({ prompt: '', width: 64, height: 64, ...form })
  const asked = contracts.resolveInpaintParameters(fields, facts, { width: 64, height: 64 }, true)
  const sampler = contracts.resolveSampler(fields.sampler ?? 'dpmpp_2m')
  try {
    pipeline.checkRequest(model, {
      kind: 'inpaint',
      prompt: fields.prompt,
      negativePrompt: fields.negative_prompt,
      width: 64,
      height: 64,
      semantics: fields.semantics,
      sampler: sampler?.sampler ?? 'dpmpp_2m',
      schedule: contracts.resolveSchedule(fields.schedule ?? 'automatic') ?? 'automatic',
      steps: fields.steps ?? 25,
      strength: fields.strength,
      stepPolicy: fields.step_policy,
      resizeMode: fields.resize_mode,
      clipSkip: fields.clip_skip,
      variationStrength: fields.variation_strength,
      soft: fields.soft,
      maskedContent: fields.masked_content,
    } as pipeline.RequestOptions)
    return { submitted: !asked.ok, run: false }
  } catch (error) {
    if (!(error instanceof pipeline.PipelineError)) throw error
    return { submitted: !asked.ok, run: true }
  }
}

it('what the pipeline refuses under diffusers is refused when it is submitted, and nothing else', () => {
  const semantics = 'diffusers'
  for (const sampler of contracts.samplerNames)
    for (const schedule of contracts.scheduleNames)
      for (const steps of [1, 25, 50, 51, 150]) {
        const form = { semantics, sampler, schedule, steps, strength: 1 }
        const { submitted, run } = refusals(form)
        expect(submitted, JSON.stringify(form)).toBe(run)
      }
  for (const option of [
    { resize_mode: 'latent' },
    { resize_mode: 'crop' },
    { soft: 'true' },
    { masked_content: 'fill' },
    { step_policy: 'exact' },
    { variation_strength: 0.5 },
    { strength: 0.01 },
  ]) {
    const { submitted, run } = refusals({ semantics, ...option })
    expect(submitted, JSON.stringify(option)).toBe(run)
  }
})

it('contracts and pipeline refuse the same prompts', () => {
  const known = ['[a|b]', '[a:b:0.5]', '[a]', 'a AND b', 'SAND', '<lora:x:1>', '\\[a|b\\]', '[(a|b)]', '(a:1.2)']
  for (const prompt of known) expect(refusals({ prompt }), prompt).toSatisfy(({ submitted, run }) => submitted === run)
  const piece = fc.constantFrom('[', ']', '(', ')', '|', ':', '\\', 'a', '0.5', ' ', 'AND', '<lora:', '>')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const { submitted, run } = refusals({ prompt: pieces.join('') })
      expect(submitted).toBe(run)
    }),
  )
})
