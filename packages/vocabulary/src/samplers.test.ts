import { describe, expect, it } from 'vitest'
import { resolveSampler, samplerNames, samplerSpellings, samplerTable } from './samplers.ts'
import { resolveSchedule, scheduleNames, scheduleTable } from './schedules.ts'

describe('resolveSampler', () => {
  it('knows every spelling of every sampler, in any case', () => {
    for (const name of samplerNames)
      for (const spelling of [name, ...samplerSpellings(name)])
        for (const variant of [spelling, spelling.toUpperCase(), ` ${spelling} `])
          expect(resolveSampler(variant), variant).toEqual({ sampler: name, schedule: null })
  })

  it('gives no spelling to two samplers', () => {
    const spellings = samplerNames.flatMap((name) => [
      ...new Set([name, ...samplerSpellings(name)].map((spelling) => spelling.toLowerCase())),
    ])
    expect(new Set(spellings).size).toBe(spellings.length)
  })

  it('splits every schedule label off every sampler label', () => {
    for (const sampler of samplerNames)
      for (const schedule of scheduleNames)
        expect(resolveSampler(`${samplerTable[sampler].label} ${scheduleTable[schedule].label}`)).toEqual({
          sampler,
          schedule,
        })
  })

  it.each(['', 'karras', 'DPM++', 'DPM++ 2M  Carras', 'euler karras normal', '__proto__', 'constructor'])(
    'does not know %j',
    (name) => {
      expect(resolveSampler(name)).toBeUndefined()
    },
  )
})

describe('resolveSchedule', () => {
  it('knows names and labels', () => {
    for (const name of scheduleNames) {
      expect(resolveSchedule(name)).toBe(name)
      expect(resolveSchedule(scheduleTable[name].label)).toBe(name)
    }
    expect(resolveSchedule('no such')).toBeUndefined()
  })
})
