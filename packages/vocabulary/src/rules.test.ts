import { expect, test } from 'vitest'
import { type AskedFor, longestSchedule, refusals, scheduleRefusal } from './rules.ts'
import { samplerFacts, samplerNames } from './samplers.ts'
import { scheduleNames } from './schedules.ts'
import { semanticsNames } from './steps.ts'

const plain: AskedFor = {
  semantics: 'a1111',
  sampler: 'dpmpp_2m',
  schedule: 'automatic',
  steps: 25,
  stepPolicy: 'proportional',
  strength: 0.75,
  resizeMode: 'stretch',
  variationStrength: 0,
  clipSkip: 1,
  prompt: '',
  negativePrompt: '',
  inpaint: null,
}
const masked = { maskedContent: 'original', soft: false } as const

const told = (change: Partial<AskedFor>, family = 'sd1') =>
  refusals({ ...plain, ...change }, { family }).map(({ code, field, reason }) => `${code} ${field}: ${reason}`)

test('what is plain passes under both semantics', () => {
  for (const semantics of semanticsNames) expect(told({ semantics })).toEqual([])
  expect(told({ semantics: 'diffusers', prompt: '[a|b] AND c', negativePrompt: '<lora:x:1>' })).toEqual([])
})

test('everything that diffusers lacks is told at once', () => {
  const all: Partial<AskedFor> = {
    semantics: 'diffusers',
    stepPolicy: 'exact',
    variationStrength: 0.1,
    resizeMode: 'latent',
    inpaint: { maskedContent: 'noise', soft: true },
    sampler: 'dpmpp_3m_sde',
  }
  expect(told(all)).toEqual([
    'not_supported step_policy: semantics diffusers has no counterpart to step_policy exact',
    'not_supported variation_strength: semantics diffusers has no variation seeds',
    'not_supported resize_mode: semantics diffusers has no resize_mode latent',
    'not_supported masked_content: semantics diffusers knows only original',
    'not_supported soft: semantics diffusers has no soft inpainting',
    'not_supported sampler: semantics diffusers has no scheduler for dpmpp_3m_sde',
  ])
  expect(told({ ...all, semantics: 'a1111' })).toEqual([])
  expect(told({ semantics: 'diffusers', inpaint: masked })).toEqual([])
})

test('a prompt is refused by the name of what it uses, each in its field', () => {
  expect(told({ prompt: '<hypernet:x>', negativePrompt: '<lora:x:1>' })).toEqual([
    expect.stringMatching(/^not_supported prompt: a hypernetwork/),
    expect.stringMatching(/^not_supported negative_prompt: <lora:/),
  ])
  expect(told({ prompt: 'a [cat|dog] AND [b:c:0.5] :1.2', negativePrompt: 'AND [a|b]' })).toEqual([])
})

test('a prompt has bounds in what it joins, and in what it comes to over its steps', () => {
  const joined = (count: number) => Array(count).fill('a').join(' AND ')
  expect(told({ prompt: joined(8) })).toEqual([])
  expect(told({ prompt: joined(9) })).toEqual(['not_supported prompt: AND joins 9 prompts, and at most 8 are taken'])
  expect(told({ prompt: 'a :11 AND b' })).toEqual([
    'not_supported prompt: a prompt that AND joins may count from -10 to 10 times, not 11',
  ])
  const many = `[${Array.from({ length: 8 }, (_, i) => i).join('|')}][${Array.from({ length: 7 }, (_, i) => i).join('|')}]`
  expect(told({ prompt: many, steps: 50 })).toEqual([])
  expect(told({ prompt: many, steps: 51, sampler: 'heun' })).toEqual([
    expect.stringMatching(/^not_supported prompt: over its steps it comes to 56 different texts, and at most 50/),
  ])
  expect(told({ negativePrompt: '[a:(b:11):0.9]' })).toEqual([
    expect.stringMatching(/^not_supported negative_prompt: "b" would count 11 times/),
  ])
})

test.each([
  ['(a cat:11)', 'a cat', '11'],
  ['(a:99999999999999999999)', 'a', '1e+20'],
  [`(a:${'9'.repeat(400)})`, 'a', 'Infinity'],
  ['(dark:-10.6)', 'dark', '-10.6'],
  ['(dark:10.01)', 'dark', '10.01'],
  [`(${'🍓'.repeat(40)}:20)`, `${'🍓'.repeat(30)}…`, '20'],
  [`(${'x'.repeat(30)}:20)`, 'x'.repeat(30), '20'],
  [`(${'x'.repeat(31)}:20)`, `${'x'.repeat(30)}…`, '20'],
  ['(a:999999)', 'a', '999999'],
  ['(a:1000000)', 'a', '1e+6'],
  ['((a:4):4)', 'a', '16'],
  [`${'('.repeat(26)}red`, 'red', '11.9182'],
  ['x (a BREAK b:20)', 'a', '20'],
  [`((a:${'9'.repeat(400)}):0)`, 'a', 'NaN'],
])('a weight that breaks arithmetic is refused: %s', (prompt, words, times) => {
  expect(told({ negativePrompt: prompt })).toEqual([
    `not_supported negative_prompt: "${words}" would count ${times} times, and a word may count from -10 to 10 times: take smaller weights or fewer brackets`,
  ])
  expect(told({ negativePrompt: prompt, semantics: 'diffusers' })).toEqual([])
})

test.each([
  '(a:10)',
  '(a:-10)',
  '(a:0)',
  `${'('.repeat(24)}a`,
  `${'['.repeat(900)}a`,
  '(a:1e30)',
  '(a:nan)',
  '(a:inf)',
])('%s is taken', (prompt) => {
  expect(told({ prompt })).toEqual([])
})

test('clip skip is refused for the XL families under a1111 alone', () => {
  for (const family of ['sdxl', 'sdxl-refiner']) {
    expect(told({ clipSkip: 2 }, family)).toEqual([expect.stringMatching(/^not_supported clip_skip: .*SDXL/)])
    expect(told({ clipSkip: 2, semantics: 'diffusers' }, family)).toEqual([])
    expect(told({ clipSkip: 1 }, family)).toEqual([])
  }
  expect(told({ clipSkip: 2 }, 'sd2')).toEqual([])
  expect(told({ clipSkip: 2 }, 'a family that only newer workers know')).toEqual([])
})

test('a run of no step is refused, but for a strength of 0', () => {
  expect(told({ semantics: 'diffusers', steps: 10, strength: 0.05 })).toEqual([
    'too_few_steps strength: int(10 · 0.05) is 0: raise steps or strength, or use semantics a1111',
  ])
  expect(told({ semantics: 'diffusers', strength: 0 })).toEqual([])
  expect(told({ steps: 10, strength: 0.05 })).toEqual([])
})

test('a schedule is built up to 20,000 steps', () => {
  expect(longestSchedule).toBe(20_000)
  expect(scheduleRefusal('a1111', 'euler', 'karras', 20_000)).toBeNull()
  expect(scheduleRefusal('a1111', 'euler', 'karras', 20_001)).toMatchObject({ field: 'strength' })
  expect(told({ stepPolicy: 'exact', steps: 150, strength: 0.005 })).toHaveLength(1)
  expect(told({ stepPolicy: 'exact', steps: 150, strength: 0 })).toEqual([])
})

test('lcm knows 50 timesteps wherever its scheduler lays them out', () => {
  expect(scheduleRefusal('a1111', 'lcm', 'model', 50)).toBeNull()
  expect(scheduleRefusal('a1111', 'lcm', 'model', 51)).toMatchObject({ field: 'steps' })
  expect(scheduleRefusal('diffusers', 'lcm', 'automatic', 51)).toMatchObject({ field: 'steps' })
  expect(scheduleRefusal('a1111', 'lcm', 'automatic', 51)).toBeNull()
})

test('under diffusers a sampler takes the schedules that its class has, under a1111 all', () => {
  const taken = samplerNames.flatMap((sampler) =>
    scheduleNames
      .filter((schedule) => scheduleRefusal('diffusers', sampler, schedule, 25) === null)
      .map((schedule) => `${sampler} ${schedule}`),
  )
  const spaced = ['automatic', 'model', 'uniform', 'normal', 'sgm_uniform', 'simple', 'ddim']
  const expected = samplerNames.flatMap((sampler) => {
    if (['dpmpp_2s_a', 'dpmpp_3m_sde'].includes(sampler)) return []
    const curves = ['euler_a', 'ddim', 'pndm', 'lcm'].includes(sampler) ? [] : ['karras', 'exponential', 'beta']
    return [...spaced, ...curves].map((schedule) => `${sampler} ${schedule}`)
  })
  expect(taken.sort()).toEqual(expected.sort())
  for (const sampler of samplerNames) {
    for (const schedule of scheduleNames) expect(scheduleRefusal('a1111', sampler, schedule, 25)).toBeNull()
    expect(samplerFacts(sampler).automatic).not.toMatch(/^(automatic|model)$/)
  }
})
