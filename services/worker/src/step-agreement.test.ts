import * as contracts from '@pentimento/contracts'
import * as pipeline from '@pentimento/pipeline'
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
